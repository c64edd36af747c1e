import type { Storage } from '../../storage/contract/storage.js';
import type { Meters } from './meters.js';

type Method = (...given: unknown[]) => Promise<unknown>;

/** Stores whose methods are no questions to a database. */
const UNMEASURED: ReadonlySet<string> = new Set(['announcements']);

/** A storage that measures how long everything takes that is asked of it. */
export function measuredStorage(storage: Storage, meters: Meters): Storage {
  const parts = Object.entries(storage).map(([name, part]) => {
    if (UNMEASURED.has(name)) return [name, part];
    if (typeof part === 'function') return [name, measured(name, part.bind(storage) as Method, meters)];
    return [name, measuredStore(name, part as object, meters)];
  });
  return Object.fromEntries(parts) as unknown as Storage;
}

const measuredStore = (name: string, store: object, meters: Meters): object =>
  Object.fromEntries(
    Object.entries(store).map(([method, run]) => [
      method,
      typeof run === 'function' ? measured(`${name}.${method}`, (run as Method).bind(store), meters) : run,
    ]),
  );

const measured =
  (operation: string, run: Method, { storage }: Meters): Method =>
  async (...given) => {
    const end = storage.startTimer({ operation });
    try {
      const result = await run(...given);
      end({ outcome: 'done' });
      return result;
    } catch (error) {
      end({ outcome: 'failed' });
      throw error;
    }
  };
