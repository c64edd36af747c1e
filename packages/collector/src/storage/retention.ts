import type { Log } from '../log.js';
import type { Retention } from './contract/retention.js';
import type { Storage } from './contract/storage.js';

const SWEEP_MS = 60_000;

/** Deletes what is too old, now and every minute. Returns how to stop. */
export function startRetention(storage: Storage, retention: Retention, log: Log): () => Promise<void> {
  let sweeping = Promise.resolve();
  const sweep = (): void => {
    sweeping = sweeping
      .then(() => storage.deleteOld(retention))
      .catch((error: unknown) => log.error({ err: error }, 'retention failed'));
  };
  sweep();
  const timer = setInterval(sweep, SWEEP_MS);
  return () => {
    clearInterval(timer);
    return sweeping;
  };
}
