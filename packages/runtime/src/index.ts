import process from 'node:process';
import { startAgent } from './agent/agent.js';
import { identify } from './agent/identity.js';
import { takeSlot } from './agent/slot.js';
import { isOn, readConfig, type StartOptions } from './config/config.js';
import { mainDirectory } from './config/main-script.js';
import { findManifest, readBuild, type Build } from './config/manifest.js';
import { createDiagnostics, type Diagnostics } from './diagnostics.js';

export type { StartOptions } from './config/config.js';

let running: { stop(): void } | undefined;

/**
 * Starts the agent of this process (or worker thread). It never throws and never prints, unless asked
 * to by `debug`; it does not keep the process alive.
 * @returns whether it runs now; not so where it is disabled, lacks a token, or another copy of the runtime
 *   already runs
 */
export function start(options: StartOptions = {}): boolean {
  const diagnostics = createDiagnostics(options.debug ?? isOn(process.env['DORMOUSE_DEBUG']));
  diagnostics.guard(() => startOnce(options, diagnostics))();
  return running !== undefined;
}

/** Disarms all probes, sends what is left and disconnects; the process is as if the agent had never run. */
export function stop(): void {
  running?.stop();
  running = undefined;
}

function startOnce(options: StartOptions, diagnostics: Diagnostics): void {
  if (running !== undefined) return;
  const config = readConfig(options, process.env);
  if (typeof config === 'string') {
    diagnostics.note(`the agent stays off: ${config}`);
    return;
  }
  const releaseSlot = takeSlot();
  if (releaseSlot === undefined) {
    diagnostics.note('the agent stays off: another copy of the runtime runs in this process');
    return;
  }
  try {
    const directory = mainDirectory();
    const build = findBuild(config.manifest ?? findManifest(directory), diagnostics);
    const agent = startAgent(config, identify(config, build, directory), build, diagnostics);
    running = {
      stop: diagnostics.guard(() => {
        agent.stop();
        releaseSlot();
      }),
    };
  } catch (error) {
    releaseSlot();
    throw error;
  }
}

function findBuild(manifestPath: string | undefined, { note }: Diagnostics): Build | undefined {
  if (manifestPath === undefined) {
    note('found no manifest: the process is listed without a build');
    return undefined;
  }
  try {
    return readBuild(manifestPath);
  } catch (error) {
    note(`the manifest cannot be used: ${(error as Error).message}`);
    return undefined;
  }
}
