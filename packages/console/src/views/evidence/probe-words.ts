import type { ProbeView } from '@dormouse/protocol';
import { DROPPED, ENDED, inWords, RESTING, SKIPPED } from '../../words/causes.js';
import { isMetric } from '../../words/kinds.js';
import { count, grouped } from '../../words/number.js';
import { roughly } from '../../words/time.js';

/** What was asked for, as name and text; the place and the kind are shown elsewhere. */
export function questions(probe: ProbeView): readonly (readonly [name: string, text: string])[] {
  const { kind, on, condition, template, expect, value, by, watches, attributes = {}, target, level } = probe;
  return [
    ...given('log', template),
    ...given('expects', expect),
    ...given('number', value),
    ...given('apart by', by),
    ...given('if', condition),
    ...watches.map((watch) => ['shows', watch] as const),
    ...Object.entries(attributes).map(([name, source]) => ['sets', `${name} = ${source}`] as const),
    ...(on === 'line' || OF_CALLS.has(kind) ? [] : [['at', on] as const]),
    ...(template === undefined || level === undefined ? [] : [['level', level] as const]),
    ...given('only in', target.instance),
  ];
}

/** Kinds that are of a function's calls in any case. */
const OF_CALLS: ReadonlySet<string> = new Set(['duration', 'path', 'span']);

const given = (name: string, text: string | undefined): (readonly [string, string])[] =>
  text === undefined ? [] : [[name, text]];

/** `Armed in 2 processes, 58 min left` */
export function standing(probe: ProbeView, now: number): string {
  const { state, endCause, expiresAt, agents, killed } = probe;
  if (state === 'ended') return endCause === undefined ? 'Ended' : `Ended: ${inWords(ENDED, endCause)}`;
  const left = `${roughly(expiresAt - now)} left`;
  if (killed !== undefined) return `Switched off, ${left}`;
  const armed = agents.filter((agent) => agent.state === 'armed').length;
  return `${armed === 0 ? 'Not armed yet' : `Armed in ${count(armed, 'process', 'processes')}`}, ${left}`;
}

/** `3 of 10 hits`; metrics have no limit that matters. */
export function hitsInWords({ kind, limits }: ProbeView, hits: number): string {
  return isMetric(kind) ? count(hits, 'hit') : `${grouped(hits)} of ${count(limits.hits, 'hit')}`;
}

/** How a probe ends that has done what it was to do. */
const ORDERLY: ReadonlySet<string | undefined> = new Set(['removed', 'expired', 'hitLimit', 'verdict']);

/** What keeps a probe from hitting, each in a sentence; with the processes in which it does. */
export function obstacles(probe: ProbeView): readonly string[] {
  const { agents, unplaced, killed, state } = probe;
  const seen = agents.reduce((sum, agent) => sum + agent.seen, 0);
  const matched = agents.reduce((sum, agent) => sum + agent.matched, 0);
  const isArmed = agents.some((agent) => agent.state === 'armed');
  return [
    ...(killed === undefined ? [] : [`The kill switch is on: ${killed.reason ?? 'no reason was given'}.`]),
    ...unplaced.map(({ buildId, reason }) => `Not in build ${buildId.slice(0, 8)}: ${reason}`),
    ...agents.flatMap(troubles),
    ...(state === 'active' && agents.length === 0 ? ['No process that it is for is connected.'] : []),
    ...(isArmed && seen === 0 ? ['The line has not run since the probe was armed.'] : []),
    ...(seen > 0 && matched === 0 && probe.condition !== undefined
      ? [`The line ran ${count(seen, 'time')}, and the condition held in none of them.`]
      : []),
  ];
}

function troubles({ instance, state, cause, message, pause }: ProbeView['agents'][number]): string[] {
  const isDisarmed = state === 'disarmed' && !ORDERLY.has(cause);
  return [
    ...(isDisarmed && cause !== undefined ? [`${instance}: ${inWords(ENDED, cause)}`] : []),
    ...(pause === undefined ? [] : [`${instance} rests: ${inWords(RESTING, pause.cause)}`]),
    ...(message === undefined ? [] : [`${instance}: ${message}`]),
  ];
}

/** The account of one process: `seen 1,204 · matched 3 · 1,201 skipped: the condition did not hold`. */
export function account({
  seen,
  matched,
  captured,
  skipped,
  dropped,
  incomplete,
}: ProbeView['agents'][number]): string {
  const lost = (
    what: string,
    counts: Readonly<Record<string, number>>,
    words: Readonly<Record<string, string>>,
  ): string[] =>
    Object.entries(counts)
      .filter(([, value]) => value > 0)
      .map(([reason, value]) => `${grouped(value)} ${what}: ${inWords(words, reason)}`);
  return [
    `seen ${grouped(seen)}`,
    `matched ${grouped(matched)}`,
    `captured ${grouped(captured)}`,
    ...lost('skipped', skipped, SKIPPED),
    ...lost('lost', dropped, DROPPED),
    ...(incomplete > 0 ? [`${grouped(incomplete)} not whole`] : []),
  ].join(' · ');
}
