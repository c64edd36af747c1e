import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { TailEvent } from '../stream/pages.js';
import { textOf } from '../stream/text.js';

/** What a client is told to wait before it comes back, ms. */
const RETRY_MS = 1_000;

/** Intervals, ms; tests shorten them. */
export interface Patience {
  /** In this interval something is sent that keeps proxies from closing a quiet stream. */
  readonly keepAliveMs: number;
  /** A client that takes nothing for so long is cut. */
  readonly stalledAfterMs: number;
}

export const PATIENCE: Patience = { keepAliveMs: 15_000, stalledAfterMs: 30_000 };

/**
 * Writes server-sent events at the pace at which the client reads: beyond the socket's own buffer never
 * more than one event waits. Returns when the client is too slow, after telling it; the caller ends the response.
 * @throws what `events` throws, and an AbortError when `signal` aborts.
 */
export async function writeEvents(
  response: ServerResponse,
  events: AsyncIterable<TailEvent>,
  signal: AbortSignal,
  { keepAliveMs, stalledAfterMs }: Patience = PATIENCE,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${RETRY_MS}\n\n`);
  const keepAlive = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, keepAliveMs);
  try {
    for await (const { cursor, event, data } of events) {
      const taken = response.write(`id: ${cursor}\nevent: ${event}\ndata: ${textOf(data)}\n\n`);
      if (!taken && !(await drained(response, signal, stalledAfterMs)))
        return tellStalled(response, stalledAfterMs);
    }
  } finally {
    clearInterval(keepAlive);
  }
}

/** Waits until the client has read what was written: false when it does not. */
async function drained(response: ServerResponse, signal: AbortSignal, withinMs: number): Promise<boolean> {
  const patience = AbortSignal.timeout(withinMs);
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, patience]) });
    return true;
  } catch (error) {
    if (!patience.aborted) throw error;
    return false;
  }
}

function tellStalled(response: ServerResponse, afterMs: number): void {
  const message = `Nothing was read for ${afterMs} ms. Connect again with Last-Event-ID to continue.`;
  response.write(`event: error\ndata: ${JSON.stringify({ message })}\n\n`);
}
