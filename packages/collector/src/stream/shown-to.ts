import type { Caller } from '../auth/caller.js';
import { withoutValues } from '../captures/without-values.js';
import type { TailEvent } from './tail.js';

/**
 * Events of the services that somebody may see, without values that they may not read.
<<<<<<< HEAD
 * @param callerNow who looks, as they are when an event comes
 */
export async function* shownTo(
  callerNow: () => Caller,
  events: AsyncIterable<TailEvent>,
): AsyncGenerator<TailEvent> {
  for await (const event of events) {
    const caller = callerNow();
=======
 * @param whoever who it is by now
 */
export async function* shownTo(
  whoever: () => Caller,
  events: AsyncIterable<TailEvent>,
): AsyncGenerator<TailEvent> {
  for await (const event of events) {
    const caller = whoever();
>>>>>>> 14515d4 (tmp)
    const { service } = event.data;
    if (!caller.may('captures:read', { service })) continue;
    const isPlain = event.event === 'probe' || caller.has('values', { service });
    yield isPlain ? event : { ...event, data: withoutValues(event.data) };
  }
}
