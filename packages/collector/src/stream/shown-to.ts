import type { Caller } from '../auth/caller.js';
import { withoutValues } from '../captures/without-values.js';
import type { TailEvent } from './pages.js';

/**
 * Events of the services that somebody may see, without values that they may not read.
 * @param callerNow who looks, as they are when an event comes
 */
export async function* shownTo(
  callerNow: () => Caller,
  events: AsyncIterable<TailEvent>,
): AsyncGenerator<TailEvent> {
  for await (const event of events) {
    const caller = callerNow();
    const { service } = event.data;
    if (!caller.may('captures:read', { service })) continue;
    const isPlain = event.event === 'probe' || caller.has('values', { service });
    yield isPlain ? event : { ...event, data: withoutValues(event.data) };
  }
}
