import { NODE_VERSIONS } from '../../scripts/lib/nodes.ts';
import type { Spread } from './alternate.ts';
import type { ArmLatency } from './arm-latency.ts';
import { HIT_KINDS } from './hits.ts';
import { judged, machine, table } from './results.ts';

/** Everything that is measured on one Node. */
export interface HitsMeasured {
  readonly rounds: number;
  /** Nanoseconds per hit, ours and others'. */
  readonly hits: Readonly<Record<string, Spread>>;
  /** Why others are missing. */
  readonly skipped?: string;
  /** Delay of the event loop, ms. */
  readonly delays: Readonly<
    Record<string, { readonly p50: Spread; readonly p99: Spread; readonly max: Spread }>
  >;
  /** What the agent adds to an idle process: bytes and ms. */
  readonly agent: {
    readonly memory: Spread;
    readonly heap: Spread;
    readonly start: Spread;
    readonly cpu: Spread;
  };
  readonly arming: ArmLatency;
  /** Microseconds per cycle, bytes of heap growth, nanoseconds of an unprobed call before and after. */
  readonly cycles: {
    readonly count: number;
    readonly us: number;
    readonly growth: number;
    readonly before: number;
    readonly after: number;
  };
}

const GOALS = { delayMs: 2, memoryMb: 15, startMs: 30, armP50Ms: 10, armP99Ms: 50 };

/** What ours is compared with, and by how much it has to be cheaper. */
const RIVALS: readonly (readonly [ours: string, theirs: string, times: number])[] = [
  ['false condition', 'inspector: false condition', 1_000],
  ['snapshot', 'inspector: pause', 10],
  ['snapshot', 'inspector: pause and capture', 10],
  ['false condition', 'dd-trace: false condition', 1],
  ['snapshot', 'dd-trace: snapshot', 1],
];

export function hitsReport(all: Readonly<Record<string, HitsMeasured>>): string {
  const lines = Object.keys(all);
  const measured = Object.values(all);
  const columns = ['', 'goal', ...lines.map((line) => `Node ${NODE_VERSIONS[line] ?? line}`)];
  const row = (name: string, goal: string, of: (one: HitsMeasured) => string): string[] => [
    name,
    goal,
    ...measured.map(of),
  ];
  const others = [...new Set(measured.flatMap(({ hits }) => Object.keys(hits)))].filter(
    (name) => !HIT_KINDS.some((kind) => kind.name === name),
  );
  const skipped = measured.flatMap((one) => one.skipped ?? []);
  return `# What hits cost

Medians (minimum–maximum) over the rounds; in every round each variant runs once, in a process of its own. **Bold**: goal missed.
Written by \`npm run bench -- hits\` on ${machine()}.

## Per hit

Of the main thread, without what the function itself takes. It is given a typical request object of 48 values. Counters, histograms
and false conditions are hit in a loop, logs and snapshots as often in a row as the limits of a process allow. Paths are per call:
one that is none of theirs; one of 100 steps, with two numbers that change at each, whose end decides that it is forgotten; and one
of two steps that is shipped.

${table(columns, [
  ...HIT_KINDS.map(({ name, goal }) => row(name, time(goal), ({ hits }) => times(hits[name], goal))),
  ...others.map((name) => row(name, '', ({ hits }) => times(hits[name]))),
])}
${skipped.length === 0 ? '' : `${skipped[0]}\n`}
How many times cheaper ours is:

${table(
  columns,
  RIVALS.map(([ours, theirs, goal]) =>
    row(`${ours}; ${theirs}`, `${goal}`, ({ hits }) => ratioOf(hits[ours], hits[theirs], goal)),
  ),
)}
## The event loop

Its delay while a point is hit a thousand times a second, ms.

${table(
  columns,
  [...new Set(measured.flatMap(({ delays }) => Object.keys(delays)))].flatMap((name) => [
    row(`${name}: p50`, '', ({ delays }) => milliseconds(delays[name]?.p50)),
    row(`${name}: p99`, `${GOALS.delayMs}`, ({ delays }) => milliseconds(delays[name]?.p99, GOALS.delayMs)),
    row(`${name}: longest`, '', ({ delays }) => milliseconds(delays[name]?.max)),
  ]),
)}
## An idle agent, connected

What it adds to a process that does nothing.

${table(columns, [
  row('memory (RSS), MB', `${GOALS.memoryMb}`, ({ agent }) => megabytes(agent.memory, GOALS.memoryMb)),
  row('heap, MB', '', ({ agent }) => megabytes(agent.heap)),
  row('start of the program, ms', `${GOALS.startMs}`, ({ agent }) =>
    milliseconds(agent.start, GOALS.startMs),
  ),
  row('CPU until it is idle, ms', '', ({ agent }) => milliseconds(agent.cpu)),
])}
## Arming

From the request for a probe to its first capture on the screen, on loopback, ms.

${table(columns, [
  row('p50', `${GOALS.armP50Ms}`, ({ arming }) => judged(arming.p50, GOALS.armP50Ms)),
  row('p99', `${GOALS.armP99Ms}`, ({ arming }) => judged(arming.p99, GOALS.armP99Ms)),
  row('times', '', ({ arming }) => arming.count.toLocaleString('en')),
])}
Arming, hitting and disarming over and over:

${table(columns, [
  row('cycles', '', ({ cycles }) => cycles.count.toLocaleString('en')),
  row('each, µs', '', ({ cycles }) => cycles.us.toFixed(1)),
  row('growth of the heap, MB', '', ({ cycles }) => (cycles.growth / 1e6).toFixed(2)),
  row('a call before, ns', '', ({ cycles }) => cycles.before.toFixed(2)),
  row('a call after, ns', '', ({ cycles }) => cycles.after.toFixed(2)),
])}`;
}

/** `15 µs`, `20 ns`. */
function time(nanoseconds: number): string {
  const [value, unit] = nanoseconds >= 1_000 ? [nanoseconds / 1_000, 'µs'] : [nanoseconds, 'ns'];
  return `${value >= 100 ? value.toFixed(0) : Number(value.toFixed(1))} ${unit}`;
}

function times(value: Spread | undefined, goal = Infinity): string {
  if (value === undefined) return '';
  const median = value.median > goal ? `**${time(value.median)}**` : time(value.median);
  return `${median} (${time(value.min)}–${time(value.max)})`;
}

function ratioOf(ours: Spread | undefined, theirs: Spread | undefined, goal: number): string {
  if (ours === undefined || theirs === undefined) return '';
  const ratio = theirs.median / ours.median;
  const text = ratio < 10 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString('en');
  return ratio < goal ? `**${text}**` : text;
}

function milliseconds(value: Spread | undefined, goal = Infinity): string {
  if (value === undefined) return '';
  return `${judged(value.median, goal)} (${value.min.toFixed(2)}–${value.max.toFixed(2)})`;
}

const megabytes = ({ min, median, max }: Spread, goal?: number): string =>
  milliseconds({ min: min / 1e6, median: median / 1e6, max: max / 1e6 }, goal);
