import type { StreamEvent } from '@dormouse/protocol';
import type { Core } from '../core.js';
import type { CaptureFilter } from '../storage/contract/captures.js';

/** Events read at once: all that a stream ever holds in memory. */
const PAGE = 50;
/** Pages kept for those who come to the same place: most readers stand at the end. */
const KEPT = 64;

/** An event with its place in the order of arrival. */
export type TailEvent = StreamEvent & { readonly cursor: number };

interface Pages {
  /** How often the bell had rung when the first of them was read. */
  rings: number;
  readonly byPlace: Map<string, Promise<readonly TailEvent[]>>;
}

const kept = new WeakMap<Core, Pages>();

/**
 * The next events of both kinds in their common order. A thousand who stand at the same place read them once.
 * @param rings of the bell, as the reader noted them before: what was read since then is new enough
 */
export function pageAfter(
  core: Core,
  filter: CaptureFilter,
  cursor: number,
  rings: number,
): Promise<readonly TailEvent[]> {
  const { byPlace } = pagesSince(core, rings);
  const place = JSON.stringify([cursor, filter.probe, filter.service, filter.group]);
  const known = byPlace.get(place);
  if (known !== undefined) return known;
  const page = read(core, filter, cursor);
  if (byPlace.size >= KEPT) byPlace.delete(byPlace.keys().next().value!);
  byPlace.set(place, page);
  page.catch(() => byPlace.delete(place));
  return page;
}

function pagesSince(core: Core, rings: number): Pages {
  const known = kept.get(core);
  if (known !== undefined && known.rings === rings) return known;
  const fresh = { rings, byPlace: new Map<string, Promise<readonly TailEvent[]>>() };
  kept.set(core, fresh);
  return fresh;
}

async function read(core: Core, filter: CaptureFilter, after: number): Promise<readonly TailEvent[]> {
  const { captures, probes } = await core.storage.events.after(after, filter, PAGE);
  const views = await core.probes.views(probes);
  const events: TailEvent[] = [
    ...captures.map((data) => ({ event: 'capture' as const, data, cursor: Number(data.cursor) })),
    ...views.map((data, index) => ({ event: 'probe' as const, data, cursor: probes[index]!.cursor })),
  ];
  return events.sort((a, b) => a.cursor - b.cursor).slice(0, PAGE);
}
