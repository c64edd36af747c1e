import { setTimeout as sleep } from 'node:timers/promises';

import type { StreamEvent } from '@dormouse/protocol';

import { CollectorError } from '../failure.js';
import type { Client, StreamQuery } from './client.js';

/** Pause before a lost collector is asked again, ms. */
const RECONNECT_MS = 1_000;

/** What happens, and when the connection was made (nothing is missed from then on) and lost. */
export type LiveEvent = StreamEvent | { readonly event: 'connected' } | { readonly event: 'lost' };

/**
 * A stream that survives the collector's restarts: it goes on where it stopped. Never ends by itself;
 * throws when the collector refuses, and when the signal comes. An absent collector is waited for.
 * `catchUp`: what to begin with each time the connection is made.
 */
export async function* live(
  client: Client,
  query: StreamQuery,
  signal: AbortSignal,
  catchUp?: () => AsyncIterable<StreamEvent>,
): AsyncGenerator<LiveEvent> {
  const closed = new AbortController();
  const either = AbortSignal.any([signal, closed.signal]);
  let after: string | undefined;
  try {
    for (;;) {
      let isConnected = false;
      try {
        const stream = await client.stream({ ...query, after }, either);
        isConnected = true;
        yield { event: 'connected' };
        if (catchUp) yield* catchUp();
        for await (const { cursor, ...event } of stream) {
          after = cursor ?? after;
          yield event;
        }
      } catch (error) {
        if (signal.aborted || error instanceof CollectorError) throw error;
      }
      if (isConnected) yield { event: 'lost' };
      await sleep(RECONNECT_MS, undefined, { signal });
    }
  } finally {
    closed.abort();
  }
}
