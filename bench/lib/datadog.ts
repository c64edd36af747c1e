import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.ts';
import { startServer } from '../../scripts/lib/processes.ts';
import { read } from '../../scripts/lib/run.ts';
import type { Variant } from './alternate.ts';
import { child, LOCATION, UNWOVEN } from './hits.ts';

const FOLDER = join(ROOT, '.cache/bench/debuggers');

/** Datadog's live debugger, ready to be measured in the same function; or why it is not. */
export interface Datadog {
  /** A false condition: called in a loop. */
  readonly loops: readonly Variant[];
  /** A snapshot as deep as ours: in bursts of fewer calls than the 25 snapshots that it takes in a second. */
  readonly bursts: readonly Variant[];
  readonly skipped?: string;
  stop(): Promise<unknown>;
}

export async function startDatadog(): Promise<Datadog> {
  try {
    install();
  } catch (error) {
    const skipped = `dd-trace could not be installed: ${(error as Error).message.split('\n', 1)[0]}`;
    return { loops: [], bursts: [], skipped, stop: async () => {} };
  }
  // It waits for its own agent before it does anything.
  const agent = await startServer({ args: [join(ROOT, 'bench/children/datadog-agent.mjs')] });
  const variant = (name: string, calls: string, probe: object): Variant => {
    const probeFile = join(FOLDER, `${calls}.json`);
    writeFileSync(probeFile, JSON.stringify([{ ...PROBE, ...probe, id: calls }]));
    return {
      ...child(
        name,
        'hit',
        [UNWOVEN, calls, 'datadog'],
        ['--require', join(FOLDER, 'node_modules/dd-trace/init.js')],
      ),
      env: {
        DD_TRACE_AGENT_URL: agent.url,
        DD_TRACE_STARTUP_LOGS: 'false',
        DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
        DD_DYNAMIC_INSTRUMENTATION_ENABLED: 'true',
        DD_DYNAMIC_INSTRUMENTATION_PROBE_FILE: probeFile,
      },
    };
  };
  const never = { dsl: 'n == -1', json: { eq: [{ ref: 'n' }, -1] } };
  return {
    loops: [variant('dd-trace: false condition', 'loop', { when: never })],
    bursts: [variant('dd-trace: snapshot', 'bursts', {})],
    stop: () => agent.stop(),
  };
}

const PROBE = {
  version: 0,
  type: 'LOG_PROBE',
  language: 'javascript',
  where: { sourceFile: LOCATION.file, lines: [String(LOCATION.line)] },
  tags: [],
  template: 'hit',
  segments: [{ str: 'hit' }],
  captureSnapshot: true,
  capture: { maxReferenceDepth: 4 },
  sampling: { snapshotsPerSecond: 5_000 },
  evaluateAt: 'EXIT',
};

function install(): void {
  if (existsSync(join(FOLDER, 'node_modules/dd-trace/init.js'))) return;
  mkdirSync(FOLDER, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(join(ROOT, 'bench/debuggers', file), join(FOLDER, file));
  read('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER });
}
