import type { Core } from '../core.js';
import type { CaptureFilter } from '../storage/contract/captures.js';
import { pageAfter, type TailEvent } from './pages.js';

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
    const page = await pageAfter(core, filter, cursor, rings);
    if (page.length === 0) await core.news.after(rings, signal);
    for (const event of page) {
      yield event;
      cursor = event.cursor;
    }
  }
}
