import { setTimeout as sleep } from 'node:timers/promises';

import type { StreamEvent } from '@dormouse/protocol';

import { CollectorError } from '../failure.js';
import type { Client, StreamQuery } from './client.js';

/** Pause before a lost collector is asked again, ms. */
const RECONNECT_MS = 1_000;

/** What happens, and when the connection was lost. */
export type LiveEvent = StreamEvent | { readonly event: 'lost' };

/**
 * A stream that survives the collector's restarts: it goes on where it stopped. Never ends by itself;
 * throws when the first connection fails, when the collector refuses, and when the signal comes.
 * `catchUp`: what to begin with each time the connection is made, when from then on nothing is missed.
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
  let wasConnected = false;
  try {
    for (;;) {
      let isConnected = false;
      try {
        const stream = await client.stream({ ...query, after }, either);
        isConnected = wasConnected = true;
        if (catchUp) yield* catchUp();
        for await (const { cursor, ...event } of stream) {
          after = cursor ?? after;
          yield event;
        }
      } catch (error) {
        if (!wasConnected || signal.aborted || error instanceof CollectorError) throw error;
      }
      if (isConnected) yield { event: 'lost' };
      await sleep(RECONNECT_MS, undefined, { signal });
    }
  } finally {
    closed.abort();
  }
}
