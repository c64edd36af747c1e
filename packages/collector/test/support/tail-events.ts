import type { TailEvent } from '../../src/stream/pages.ts';

const blob = 'x'.repeat(100_000);

/** A capture of 100 kB, as a stream tells of it. */
export const largeEvent = (cursor: number): TailEvent =>
  ({ cursor, event: 'capture', data: { id: blob } }) as unknown as TailEvent;

/** Large events for as long as somebody takes them, and how many were taken. */
export function endlessEvents(): { readonly events: AsyncIterable<TailEvent>; taken(): number } {
  let made = 0;
  async function* endless(): AsyncGenerator<TailEvent> {
    for (;;) yield largeEvent(++made);
  }
  return { events: endless(), taken: () => made };
}
