import { LIMITS, type Capture, type DropReason } from '@dormouse/protocol';
import { monotonicMs } from '../intrinsics.js';
import type { SourcePositions } from '../stack/source-positions.js';
import { captureSize } from './capture-size.js';
import { encode } from './codec.js';

/** Bytes of one batch, which is what is encoded at once: it takes the main thread less than a millisecond. */
const BATCH_BYTES = 64 * 1_024;

/** A capture waits so long for the source maps of its stack, ms; then it leaves with emitted positions. */
const SOURCE_MAPS_MS = 1_000;

/** Connections that may be lost while a batch waits for its acknowledgement, before the batch is taken for their cause. */
const MAX_ATTEMPTS = 10;

/**
 * Captures on their way: queued on the hit path, encoded in batches off it, kept until the collector
 * has stored them. Bounded in bytes as a whole.
 */
export interface Outbox {
  readonly isEmpty: boolean;
  /** On the hit path. @returns why the capture is not queued, if it is not */
  offer(capture: Capture): DropReason | undefined;
  /** Encodes what is ready, and hands over batches not sent yet for as long as `send` takes them. */
  flush(send: Send): void;
  /** The same without waiting for source maps, for a process that is about to exit. */
  flushAtExit(send: Send): void;
  /** The collector has stored a batch. */
  acknowledge(batch: number): void;
  /** A connection was lost: what it had not acknowledged is sent again on the next. */
  connectionLost(): void;
}

/** @returns whether the message was taken */
export type Send = (message: Uint8Array) => boolean;

interface Waiting {
  readonly capture: Capture;
  readonly bytes: number;
  readonly since: number;
}

interface Batch {
  readonly number: number;
  readonly message: Uint8Array;
  readonly probes: readonly string[];
  sent: boolean;
  attempts: number;
}

/** @param onDrop a capture that had been queued is lost */
export function createOutbox(
  positions: SourcePositions,
  isOnline: () => boolean,
  onDrop: (probe: string, reason: DropReason) => void,
): Outbox {
  let waiting: Waiting[] = [];
  let batches: Batch[] = [];
  let bytes = 0;
  let lastBatch = 0;

  function encodeBatch(captures: readonly Capture[]): void {
    const number = ++lastBatch;
    try {
      const message = encode({
        type: 'captures',
        batch: number,
        captures: captures.map(withSourcePositions),
      });
      bytes += message.byteLength;
      const probes = captures.map((capture) => capture.probe);
      batches.push({ number, message, probes, sent: false, attempts: 0 });
    } catch {
      for (const capture of captures) onDrop(capture.probe, 'encodeError');
    }
  }

  const withSourcePositions = (capture: Capture): Capture =>
    capture.stack === undefined ? capture : { ...capture, stack: capture.stack.map(positions.translate) };

  /** Takes the next batch's captures from the front of the queue, in their order. */
  function takeReady(isReady: (next: Waiting) => boolean): Capture[] {
    let count = 0;
    for (let size = 0; count < waiting.length && size < BATCH_BYTES; count++) {
      const next = waiting[count] as Waiting;
      if (!isReady(next)) break;
      size += next.bytes;
    }
    const taken = waiting.slice(0, count);
    waiting = waiting.slice(count);
    for (const { bytes: size } of taken) bytes -= size;
    return taken.map(({ capture }) => capture);
  }

  function forget(isDone: (batch: Batch) => boolean): Batch[] {
    const done = batches.filter(isDone);
    batches = batches.filter((batch) => !isDone(batch));
    for (const { message } of done) bytes -= message.byteLength;
    return done;
  }

  function sendBatches(send: Send): void {
    for (const batch of batches) {
      if (batch.sent) continue;
      if (!send(batch.message)) return;
      batch.sent = true;
      batch.attempts++;
    }
  }

  const hasPositions = ({ capture, since }: Waiting): boolean =>
    capture.stack === undefined || positions.ready(capture.stack) || monotonicMs() - since > SOURCE_MAPS_MS;

  return {
    get isEmpty() {
      return waiting.length === 0 && batches.length === 0;
    },

    offer(capture) {
      const size = captureSize(capture);
      if (size > LIMITS.captureBytes) return 'payloadTooLarge';
      if (bytes + size > LIMITS.queueBytes) return isOnline() ? 'queueFull' : 'disconnected';
      bytes += size;
      waiting[waiting.length] = { capture, bytes: size, since: monotonicMs() };
      return undefined;
    },

    flush(send) {
      const captures = takeReady(hasPositions);
      if (captures.length > 0) encodeBatch(captures);
      sendBatches(send);
    },

    flushAtExit(send) {
      while (waiting.length > 0) encodeBatch(takeReady(() => true));
      sendBatches(send);
    },

    acknowledge(number) {
      forget((batch) => batch.number === number);
    },

    connectionLost() {
      for (const { probes } of forget((batch) => batch.attempts >= MAX_ATTEMPTS)) {
        for (const probe of probes) onDrop(probe, 'disconnected');
      }
      for (const batch of batches) batch.sent = false;
    },
  };
}
