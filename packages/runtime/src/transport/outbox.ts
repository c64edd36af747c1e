import { LIMITS, type Capture, type DropReason } from '@dormouse/protocol';
import { createBucket, type Bucket } from '../budget/bucket.js';
import type { ProcessBudget } from '../budget/budget.js';
import { monotonicMs } from '../intrinsics.js';
import type { SourcePositions } from '../stack/source-positions.js';
import { readStacks, readStacksTo } from '../stack/stack.js';
import { captureSize } from './capture-size.js';
import { encode } from './codec.js';

/** Bytes of one batch, which is what is encoded at once: it takes the main thread less than a millisecond. */
const BATCH_BYTES = 64 * 1_024;

/** A capture waits so long for the source maps of its stack, ms; then it leaves with emitted positions. */
const SOURCE_MAPS_MS = 1_000;

/** Captures that leave at once while they come one by one, a second and in a row. */
const PROMPT_PER_SECOND = 100;
const PROMPT_SECONDS = 0.1;

/**
 * Connections that may be lost while a batch is the next to be acknowledged, before it is taken for their cause: those after it
 * have not been looked at by then.
 */
const MAX_LOSSES = 10;

/**
 * Captures on their way: queued on the hit path, encoded in batches off it, kept until the collector
 * has stored them. Bounded in bytes as a whole.
 */
export interface Outbox {
  readonly isEmpty: boolean;
  /** On the hit path. @param bytesOfProbe a second @returns why the capture is not queued, if it is not */
  offer(capture: Capture, bytesOfProbe: Bucket, size?: number): DropReason | undefined;
  /**
   * Encodes a batch of what is ready, and hands over batches not sent yet for as long as `send` takes them.
   * @returns when to do it again: at once, since more is ready; soon, since there is little to send, which then need not
   *   wait for the tick; or at the tick
   */
  flush(send: Send): 'now' | 'soon' | 'later';
  /** Everything, without waiting for source maps, for a process that is about to exit; a capture after it wakes at once. */
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
  /** Connections that were lost while it was the next to be acknowledged. */
  losses: number;
}

export interface OutboxEnvironment {
  readonly positions: SourcePositions;
  /** Says how much the process may queue. */
  readonly budget: Pick<ProcessBudget, 'charge'>;
  isOnline(): boolean;
  /** A first capture waits while there is little to send: asks for a flush before the tick. */
  wake(): void;
  /** A capture that had been queued is lost. */
  onDrop(probe: string, reason: DropReason): void;
}

export function createOutbox(environment: OutboxEnvironment): Outbox {
  const { positions, budget, onDrop } = environment;
  let waiting: Waiting[] = [];
  let batches: Batch[] = [];
  let bytes = 0;
  let lastBatch = 0;
  /** Whether captures come one by one. */
  let isCalm = true;
  const prompt = createBucket(PROMPT_PER_SECOND, PROMPT_SECONDS);

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
      batches.push({ number, message, probes, sent: false, losses: 0 });
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

  /** @returns whether all of them were taken */
  function sendBatches(send: Send): boolean {
    for (const batch of batches) {
      if (batch.sent) continue;
      if (!send(batch.message)) return false;
      batch.sent = true;
    }
    return true;
  }

  function hasPositions({ capture: { stack }, since }: Waiting): boolean {
    if (stack === undefined) return true;
    readStacksTo(stack);
    return positions.ready(stack) || monotonicMs() - since > SOURCE_MAPS_MS;
  }

  return {
    get isEmpty() {
      return waiting.length === 0 && batches.length === 0;
    },

    offer(capture, bytesOfProbe, size = captureSize(capture)) {
      if (size > LIMITS.captureBytes) return 'payloadTooLarge';
      if (bytes + size > LIMITS.queueBytes) return environment.isOnline() ? 'queueFull' : 'disconnected';
      const now = monotonicMs();
      const refusal = budget.charge(now, size, bytesOfProbe);
      if (refusal !== undefined) return refusal;
      bytes += size;
      waiting[waiting.length] = { capture, bytes: size, since: now };
      if (waiting.length === 1 && isCalm && prompt.take(now)) environment.wake();
      return undefined;
    },

    flush(send) {
      const captures = takeReady(hasPositions);
      // Those of captures that were not queued.
      if (waiting.length === 0) readStacks();
      if (captures.length > 0) encodeBatch(captures);
      isCalm = captures.length <= 1;
      const isSent = sendBatches(send);
      if (isSent && waiting[0] !== undefined && hasPositions(waiting[0])) return 'now';
      return captures.length === 1 ? 'soon' : 'later';
    },

    flushAtExit(send) {
      readStacks();
      while (waiting.length > 0) encodeBatch(takeReady(() => true));
      sendBatches(send);
      isCalm = true;
      prompt.fill(monotonicMs());
    },

    acknowledge(number) {
      forget((batch) => batch.number === number);
    },

    connectionLost() {
      const [next] = batches;
      if (next?.sent === true) next.losses++;
      for (const { probes } of forget(({ losses }) => losses >= MAX_LOSSES)) {
        for (const probe of probes) onDrop(probe, 'disconnected');
      }
      for (const batch of batches) batch.sent = false;
    },
  };
}
