import type { StreamEvent } from '@dormouse/protocol';
import type { Core } from '../core.js';
import type { CaptureFilter } from '../storage/contract/captures.js';

/** Events read at once: all that a stream ever holds in memory. */
const PAGE = 50;

/** An event with its place in the order of arrival. */
export type TailEvent = StreamEvent & { readonly cursor: number };

/**
 * Everything that matches and arrived after a cursor, and then everything that arrives, for ever. It reads
 * the database and only waits on the bell: a reader that was away, or is slow, misses nothing and costs nothing.
 * @throws an AbortError when `signal` aborts.
 */
export async function* tail(
  core: Core,
  filter: CaptureFilter,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<TailEvent> {
  let cursor = from;
  while (!signal.aborted) {
    const rings = core.news.rings;
    const page = await readPage(core, filter, cursor);
    if (page.length === 0) await core.news.after(rings, signal);
    for (const event of page) {
      yield event;
      cursor = event.cursor;
    }
  }
}

/** The next events of both kinds in their common order. */
async function readPage(core: Core, filter: CaptureFilter, after: number): Promise<TailEvent[]> {
  const { captures, probes } = await core.storage.events.after(after, filter, PAGE);
  const views = await core.probes.views(probes);
  const events: TailEvent[] = [
    ...captures.map((data) => ({ event: 'capture' as const, data, cursor: Number(data.cursor) })),
    ...views.map((data, index) => ({ event: 'probe' as const, data, cursor: probes[index]!.cursor })),
  ];
  return events.sort((a, b) => a.cursor - b.cursor).slice(0, PAGE);
}
