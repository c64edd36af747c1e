import { healthOf, type Health } from './health.js';
import type { ProcessRow } from './processes.svelte.js';

/** A column of the list of processes, by which it can be ordered. */
export interface Column {
  readonly id: ColumnId;
  readonly name: string;
  /** What is larger comes later, unless it is turned round. */
  rankOf(row: ProcessRow, now: number): string | number;
  /** Whether one looks for the largest first. */
  readonly isLargestFirst: boolean;
}

export type ColumnId = 'process' | 'health' | 'armed' | 'overhead' | 'sent' | 'build' | 'node' | 'up';

/** What needs somebody comes first. */
const URGENCY: Readonly<Record<Health['state'], number>> = { off: 0, waits: 1, good: 2, gone: 3 };

const column = (id: ColumnId, name: string, rankOf: Column['rankOf'], isLargestFirst = false): Column => ({
  id,
  name,
  rankOf,
  isLargestFirst,
});

export const COLUMNS: readonly Column[] = [
  column('process', 'Process', ({ agent }) => nameOf(agent)),
  column('health', 'Health', ({ agent }, now) => URGENCY[healthOf(agent, now).state]),
  column('armed', 'Armed', ({ agent }) => agent.probes?.armed ?? 0, true),
  column('overhead', 'Overhead', ({ overhead = 0 }) => overhead, true),
  column('sent', 'Captures', ({ agent }) => agent.budget?.captures ?? 0, true),
  column('build', 'Build', ({ agent }) => agent.buildId ?? ''),
  column('node', 'Node', ({ agent }) => agent.node),
  column('up', 'Up', ({ agent }) => agent.lastSeen - agent.firstSeen),
];

const nameOf = ({ host, pid }: ProcessRow['agent']): string => `${host} ${String(pid).padStart(10, '0')}`;

export interface Order {
  readonly by: ColumnId;
  /** The other way round than one usually looks at the column. */
  readonly isTurned: boolean;
}

/** The processes in an order; those that are the same in it by host and pid. */
export function ordered(
  rows: readonly ProcessRow[],
  { by, isTurned }: Order,
  now: number,
): readonly ProcessRow[] {
  const wanted = COLUMNS.find(({ id }) => id === by);
  if (wanted === undefined) return rows;
  const direction = wanted.isLargestFirst === isTurned ? 1 : -1;
  return rows
    .map((row) => ({ row, rank: wanted.rankOf(row, now), name: nameOf(row.agent) }))
    .sort((a, b) => direction * compare(a.rank, b.rank) || compare(a.name, b.name))
    .map(({ row }) => row);
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether every word is in what is said of a process: host, pid, instance, build, versions, tags, health. */
export function matches({ agent }: ProcessRow, words: readonly string[], now: number): boolean {
  if (words.length === 0) return true;
  const { host, pid, instance, buildId = '', commit = '', version = '', node, tags } = agent;
  const said = [host, pid, instance, buildId, commit, version, node, healthOf(agent, now).words];
  const named = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  const text = [...said, ...named].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}
