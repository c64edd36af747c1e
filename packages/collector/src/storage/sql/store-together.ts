import { setImmediate } from 'node:timers/promises';
import type { ArrivedCapture, CaptureStore } from '../contract/captures.js';

type Store = CaptureStore['store'];

/** Captures of one transaction, unless a single batch has more: nobody waits long for its end. */
const MOST = 2_000;

/** What one caller wants to be stored, and who waits for it. */
interface Batch {
  readonly captures: readonly ArrivedCapture[];
  readonly stored: (totals: Awaited<ReturnType<Store>>) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Batches that arrive while others are being stored are stored together after them: the price of a transaction is
 * paid once for many agents. Where that fails each is tried by itself, so that none fails for another.
 * @param store all or nothing, in one transaction
 */
export function storeTogether(store: Store): Store {
  const waiting: Batch[] = [];
  let isStoring = false;

  const storeAll = async (batches: readonly Batch[]): Promise<void> => {
    try {
      const totals = await store(batches.flatMap(({ captures }) => captures));
      for (const { stored } of batches) stored(totals);
    } catch (error) {
      if (batches.length === 1) return batches[0]!.failed(error);
      for (const batch of batches) await storeAll([batch]);
    }
  };
  const storeWaiting = async (): Promise<void> => {
    isStoring = true;
    while (waiting.length > 0) {
      // What is there to be read is read first: a database in this process would else store each message by itself.
      await setImmediate();
      await storeAll(takeFirst(waiting));
    }
    isStoring = false;
  };
  return (captures) =>
    new Promise((stored, failed) => {
      waiting.push({ captures, stored, failed });
      if (!isStoring) void storeWaiting();
    });
}

function takeFirst(waiting: Batch[]): Batch[] {
  let captures = 0;
  const beyond = waiting.findIndex((batch) => (captures += batch.captures.length) > MOST);
  return waiting.splice(0, beyond === -1 ? waiting.length : Math.max(1, beyond));
}
