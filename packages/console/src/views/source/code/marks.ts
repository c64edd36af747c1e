import type { ProbeView } from '@dormouse/protocol';
import type { Feed } from '../../../state/feed.svelte.js';
import { gist } from '../../../words/gist.js';
import { isMetric } from '../../../words/kinds.js';
import { obstacles } from '../../evidence/probe-words.js';
import type { LineMark, MarkState } from './line-mark.js';

/** A probe that has ended stays beside its line for so long, ms: what it found is still of interest. */
const STAYS_MS = 15 * 60_000;

/** A probe that has just been placed is on its way, ms. */
const PATIENCE_MS = 3_000;

/** The probes to show beside the lines of a file, by line, the newest first. */
export function marksOf(
  feed: Feed,
  file: string,
  chosen: string | undefined,
  now: number,
): ReadonlyMap<number, readonly LineMark[]> {
  const shown = feed.probes.filter(
    (probe) => probe.location.file === file && (probe.id === chosen || isOfInterest(probe, now)),
  );
  const marks = new Map<number, LineMark[]>();
  for (const probe of shown) {
    const { line } = probe.location;
    marks.set(line, [...(marks.get(line) ?? []), markOf(feed, probe, chosen, now)]);
  }
  return marks;
}

const isOfInterest = ({ state, endedAt = 0 }: ProbeView, now: number): boolean =>
  state === 'active' || now - endedAt < STAYS_MS;

function markOf(feed: Feed, probe: ProbeView, chosen: string | undefined, now: number): LineMark {
  const evidence = feed.evidenceOf(probe.id);
  const [latest] = evidence.captures;
  const hits = evidence.hitsOf(probe);
  return {
    probe: probe.id,
    kind: probe.kind,
    state: stateOf(probe),
    hits,
    beats: evidence.pulse.beats(now),
    last: latest === undefined || isMetric(probe.kind) ? undefined : gist(latest, probe),
    obstacle: hits === 0 && now - probe.createdAt > PATIENCE_MS ? obstacles(probe)[0] : undefined,
    isChosen: probe.id === chosen,
  };
}

export function stateOf({ state, agents, killed }: ProbeView): MarkState {
  if (state === 'ended') return 'ended';
  if (killed !== undefined || agents.some(({ pause }) => pause !== undefined)) return 'resting';
  return agents.some((agent) => agent.state === 'armed') ? 'armed' : 'waiting';
}
