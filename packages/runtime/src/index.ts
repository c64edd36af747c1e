import type { Agent } from './agent/agent.js';
import { takeSlot } from './agent/slot.js';
import { isOn, readConfig, type StartOptions } from './config/config.js';
import { createDiagnostics, type Diagnostics } from './diagnostics.js';
import { soon } from './intrinsics.js';
import { process } from './process.js';
// What looks at the program's values takes the language's functions when it is loaded: before the
// program can replace them. The rest of the agent is loaded after the program's first turn.
import './hit/probe.js';

export type { StartOptions } from './config/config.js';
export type { LiveManifest } from './config/live-manifest.js';

let running: Agent | undefined;
let isKilled = false;
/** Those that were adopted, for an agent that starts later. */
let contexts: readonly WeakRef<object>[] = [];

/** Whether `start` would start an agent: it is not disabled, and has a token and an address that is one. */
export function canStart(options: StartOptions = {}): boolean {
  try {
    return typeof readConfig(options, process.env) === 'object';
  } catch {
    return false;
  }
}

/**
 * Starts the agent of this process (or worker thread). It never throws and never prints, unless asked
 * to by `debug`; it does not keep the process alive.
 * @returns whether it runs now; not so where it is disabled, lacks a token, or another copy of the runtime
 *   already runs
 */
export function start(options: StartOptions = {}): boolean {
  const diagnostics = createDiagnostics(options.debug ?? isOn(process.env['DORMOUSE_DEBUG']));
  diagnostics.guard(() => {
    running ??= startOnce(options, diagnostics);
  })();
  return running !== undefined;
}

/** Disarms all probes, sends what is left and disconnects; the process is as if the agent had never run. */
export function stop(): void {
  running?.stop();
  running = undefined;
}

/**
 * The kill switch of this process (or worker thread). On, it disarms all probes at once, and none can be armed until it is
 * off again; those that are still wanted then are armed again. It may be used before `start`.
 */
export function killSwitch(on: boolean): void {
  isKilled = on;
  running?.kill(on);
}

/**
 * Has woven files probed that are evaluated in a `vm` context: they have a global object of their own there, where the
 * runtime does not find them by itself. It may be used before `start`, and before the files are evaluated or after. The
 * context is held weakly.
 * @param context what `vm.createContext` returned, or the context's `globalThis`
 */
export function adoptContext(context: object): void {
  const known = livingContexts();
  if (known.includes(context)) return;
  contexts = [...known, context].map((adopted) => new WeakRef(adopted));
  running?.adopt(context);
}

const livingContexts = (): object[] =>
  contexts.map((ref) => ref.deref()).filter((context) => context !== undefined);

function startOnce(options: StartOptions, diagnostics: Diagnostics): Agent | undefined {
  const config = readConfig(options, process.env);
  if (typeof config === 'string') {
    diagnostics.note(`the agent stays off: ${config}`);
    return undefined;
  }
  const releaseSlot = takeSlot();
  if (releaseSlot === undefined) {
    diagnostics.note('the agent stays off: another copy of the runtime runs in this process');
    return undefined;
  }

  let isStopped = false;
  let agent: Agent | undefined;
  const load = (): Promise<void> =>
    import('./agent/agent.js').then(
      diagnostics.guard(({ startAgent }) => {
        if (isStopped) return;
        agent = startAgent(config, diagnostics);
        if (isKilled) agent.kill(true);
        for (const context of livingContexts()) diagnostics.guard(agent.adopt)(context);
      }),
      (error: unknown) => diagnostics.note(`the agent could not be loaded: ${String(error)}`),
    );
  // The program's first turn is its own.
  soon(() => void (isStopped || load()));
  return {
    kill: diagnostics.guard((on) => agent?.kill(on)),
    adopt: diagnostics.guard((context) => agent?.adopt(context)),
    stop: diagnostics.guard(() => {
      isStopped = true;
      releaseSlot();
      agent?.stop();
    }),
  };
}
