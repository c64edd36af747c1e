import { once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { CLOSE, fitReason } from '../agents/closing.js';
import type { TailEvent } from '../stream/pages.js';
import { textOf } from '../stream/text.js';
import { PATIENCE, type Patience } from './event-writer.js';

/** Time that a client gets to answer a close, ms. */
const CLOSE_WITHIN_MS = 2_000;

/**
 * Writes events as messages of JSON, at the pace at which the client reads: beyond the socket's own buffers never
 * more than one event waits. Returns when the client is too slow, after telling it.
 * @throws what `events` throws, and an AbortError when `signal` aborts
 */
export async function writeMessages(
  socket: WebSocket,
  events: AsyncIterable<TailEvent>,
  signal: AbortSignal,
  { keepAliveMs, stalledAfterMs }: Patience = PATIENCE,
): Promise<void> {
  const heartbeat = keepAlive(socket, keepAliveMs);
  try {
    for await (const { cursor, event, data } of events) {
      const taken = send(socket, `{"cursor":"${cursor}","event":"${event}","data":${textOf(data)}}`);
      if (await isTaken(taken, stalledAfterMs, signal)) continue;
      const message = `Nothing was read for ${stalledAfterMs} ms. Connect again with after=${cursor} to continue.`;
      void send(socket, JSON.stringify({ event: 'error', data: { message } }));
      return await closeWebSocket(socket, CLOSE.policy, message);
    }
  } finally {
    clearInterval(heartbeat);
  }
}

/** Closes a WebSocket, whether the client answers or not. */
export async function closeWebSocket(socket: WebSocket, code: number, reason: string): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const closed = once(socket, 'close');
  socket.close(code, fitReason(reason));
  const deadline = setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS);
  await closed;
  clearTimeout(deadline);
}

/** A client that does not answer a ping before the next one is gone. */
function keepAlive(socket: WebSocket, everyMs: number): NodeJS.Timeout {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  return setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, everyMs);
}

/** Resolves when it has left for the client. */
const send = (socket: WebSocket, message: string): Promise<void> =>
  new Promise((resolve) => socket.send(message, () => resolve()));

async function isTaken(taken: Promise<void>, withinMs: number, signal: AbortSignal): Promise<boolean> {
  let isTakenAtOnce = false;
  const done = taken.then(() => (isTakenAtOnce = true));
  await nextTurn();
  if (isTakenAtOnce) return true;
  const patience = new AbortController();
  try {
    const late = sleep(withinMs, false, { signal: AbortSignal.any([signal, patience.signal]) });
    return await Promise.race([done, late]);
  } finally {
    patience.abort();
  }
}
