import { setImmediate } from 'node:timers/promises';

/** What one caller wants to be done, and that it is done. */
interface Waiting<Item, Result> {
  readonly item: Item;
  readonly done: (result: Result) => void;
  readonly failed: (error: unknown) => void;
}

export interface TogetherOptions<Item, Result> {
  /** All or nothing, in one transaction; the results in the order of the items. */
  readonly work: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Of one transaction, unless a single item is larger: nobody waits long for its end. */
  readonly most: number;
  /** What an item counts. Default: 1 each. */
  readonly size?: (item: Item) => number;
}

/**
 * What arrives while something else is being done is done together after it: the price of a transaction is paid once for many.
 * Items keep their order. Where it fails each is tried by itself, so that none fails for another.
 */
export function together<Item, Result>({
  work,
  most,
  size = () => 1,
}: TogetherOptions<Item, Result>): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let isWorking = false;

  const doAll = async (some: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(some.map(({ item }) => item));
      for (const [index, { done }] of some.entries()) done(results[index]!);
    } catch (error) {
      if (some.length === 1) return some[0]!.failed(error);
      for (const one of some) await doAll([one]);
    }
  };
  const takeFirst = (): Waiting<Item, Result>[] => {
    let taken = 0;
    const beyond = waiting.findIndex(({ item }) => (taken += size(item)) > most);
    return waiting.splice(0, beyond === -1 ? waiting.length : Math.max(1, beyond));
  };
  const doWaiting = async (): Promise<void> => {
    isWorking = true;
    while (waiting.length > 0) {
      // What is there to be read is read first: a database in this process would else do each by itself.
      await setImmediate();
      await doAll(takeFirst());
    }
    isWorking = false;
  };
  return (item) =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed });
      if (!isWorking) void doWaiting();
    });
}
