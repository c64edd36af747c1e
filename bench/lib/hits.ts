import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeLocation, ProbeRequest } from '@dormouse/protocol';
import { weaveFiles } from '@dormouse/transformer';
import { ROOT } from '../../scripts/lib/paths.ts';
import type { Stage } from '../../scripts/lib/stage.ts';
import type { Variant } from './alternate.ts';
import { manifestOf } from './weaving.ts';

const FOLDER = join(ROOT, '.cache/bench/hits');
const FILE = 'handle.mjs';
const SOURCE = join(ROOT, 'bench/hits', FILE);

/** The file with the function that is hit, unwoven and woven. */
export const UNWOVEN = join(FOLDER, 'unwoven', FILE);
export const WOVEN_HIT = join(FOLDER, 'woven', FILE);

/** The statement that is probed. */
export const PROBED = 'return amount;';

export function buildHits(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const file of [UNWOVEN, WOVEN_HIT]) {
    mkdirSync(join(file, '..'), { recursive: true });
    cpSync(SOURCE, file);
  }
  const folder = join(FOLDER, 'woven');
  weaveFiles([WOVEN_HIT], { root: folder, manifestPath: manifestOf(folder) });
}

/** A kind of hit that has a goal. */
export interface HitKind {
  readonly name: string;
  readonly probe: Omit<ProbeRequest, 'service' | 'location'>;
  /** What is called. Default: `handle`, and it is the line that is probed. */
  readonly called?: 'handle' | 'walk';
  /** Nanoseconds of the main thread. */
  readonly goal: number;
  /**
   * How it is measured: called in a loop, hits included that ship nothing; or in bursts, no longer than the process's rate
   * of captures allows, of which each call is timed.
   */
  readonly calls: 'loop' | 'bursts';
}

/** As many and as often as anybody may ask for. */
const UNLIMITED = { hits: 1_000_000, hitsPerSecond: 5_000 };

export const HIT_KINDS: readonly HitKind[] = [
  {
    name: 'false condition',
    probe: { kind: 'snapshot', condition: 'n === -1', limits: UNLIMITED },
    goal: 20,
    calls: 'loop',
  },
  { name: 'counter', probe: { kind: 'counter' }, goal: 10, calls: 'loop' },
  { name: 'histogram', probe: { kind: 'histogram', value: 'n' }, goal: 50, calls: 'loop' },
  {
    name: 'log',
    probe: { kind: 'log', template: 'order {request.params.id}: {amount}', limits: UNLIMITED },
    goal: 2_000,
    calls: 'bursts',
  },
  { name: 'snapshot', probe: { kind: 'snapshot', limits: UNLIMITED }, goal: 15_000, calls: 'bursts' },
  {
    name: 'path: another call',
    probe: { kind: 'path', condition: 'n === -1', limits: UNLIMITED },
    called: 'handle',
    goal: 100,
    calls: 'loop',
  },
  {
    name: 'path: 100 steps, recorded and forgotten',
    probe: { kind: 'path', condition: '$return === -1', limits: UNLIMITED },
    called: 'walk',
    goal: 100_000,
    calls: 'loop',
  },
  {
    name: 'path: 2 steps, shipped',
    probe: { kind: 'path', limits: UNLIMITED },
    called: 'handle',
    goal: 30_000,
    calls: 'bursts',
  },
];

/** Where a kind's probe stands. */
export const locationOf = ({ called }: HitKind): ProbeLocation =>
  called === undefined ? LOCATION : { file: FILE, function: called };

/** Where the probes of a line stand. */
export const LOCATION = {
  file: FILE,
  line:
    readFileSync(SOURCE, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(PROBED)) + 1,
};

/** The environment of a process with the agent, which is a service of its own: none is sent another's probes. */
export function agentOf(stage: Stage, service: string): Readonly<Record<string, string>> {
  return {
    DORMOUSE_URL: stage.collector.url,
    DORMOUSE_TOKEN: stage.agentToken,
    DORMOUSE_MANIFEST: manifestOf(join(FOLDER, 'woven')),
    DORMOUSE_SERVICE: service,
    // What is measured must not be paused for being measured.
    DORMOUSE_MAX_CPU: '100',
    DORMOUSE_MAX_DELAY: '0',
    COLLECTOR_URL: stage.collector.url,
    ADMIN_TOKEN: stage.adminToken,
  };
}

/** The flags of Node by which the agent is loaded. */
export const WITH_AGENT = ['--import', import.meta.resolve('@dormouse/runtime/register')];

/** A process that runs `bench/children/SCRIPT.mjs`. */
export const child = (
  name: string,
  script: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Variant => ({ name, args: [...flags, join(ROOT, 'bench/children', `${script}.mjs`), ...args] });
