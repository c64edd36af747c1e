import { cpus, loadavg } from 'node:os';
import { judged, machine, table } from '../lib/results.ts';
import type { Smoothness } from './smoothness.ts';
import { PER_SECOND, type TailFigures } from './tail.ts';

/** ms. */
const GOALS = { interactive: 1_000, longTask: 50 } as const;

export interface ConsoleFigures {
  /** ms, in the order of their length. */
  readonly interactive: readonly number[];
  readonly tail: TailFigures;
  readonly fleet: Smoothness;
  readonly processes: number;
}

/** @param version of Chromium */
export function markdown(version: string, { interactive, tail, fleet, processes }: ConsoleFigures): string {
  const median = interactive[Math.floor(interactive.length / 2)]!;
  const rows = [
    ['interactive, median of visits, ms', judged(Math.round(median), GOALS.interactive)],
    ['tail: rows held', tail.rowsHeld.toLocaleString('en-US')],
    ['tail: arriving, per second', PER_SECOND.toLocaleString('en-US')],
    ...rowsOf('tail', tail),
    ['fleet: processes', processes.toLocaleString('en-US')],
    ...rowsOf('fleet', fleet),
    ['load of the machine meanwhile, processes for each core', (loadavg()[0]! / cpus().length).toFixed(1)],
  ];
  return `# The console

In Chromium ${version}, headless and drawing on the processor, on ${machine()}; \`npm run bench -- console\`.
A machine that is busy with other things holds up a browser that has no graphics card: judge with its load in mind.

${table(['what', 'measured'], rows)}`;
}

const rowsOf = (name: string, of: Smoothness): string[][] => [
  [`${name}: frames per second`, of.framesPerSecond.toFixed(1)],
  [`${name}: longest frame, ms`, of.longestFrame.toFixed(0)],
  [
    `${name}: longest task, ms (0: none of 50 ms or more)`,
    judged(Math.round(of.longestTask), GOALS.longTask),
  ],
  [`${name}: tasks of 50 ms or more`, String(of.longTasks)],
];
