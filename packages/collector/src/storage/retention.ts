import type { Log } from '../log.js';
import type { Retention } from './contract/retention.js';
import type { Storage } from './contract/storage.js';

const SWEEP_MS = 60_000;

/** Deletes what is too old, now and every minute. @param storages of all environments. @returns how to stop */
export function startRetention(
  storages: () => readonly Storage[],
  retention: Retention,
  log: Log,
): () => Promise<void> {
  let sweeping = Promise.resolve();
  const sweep = (): void => {
    sweeping = sweeping
      .then(async () => {
        for (const storage of storages()) await storage.deleteOld(retention);
      })
      .catch((error: unknown) => log.error({ err: error }, 'retention failed'));
  };
  sweep();
  const timer = setInterval(sweep, SWEEP_MS);
  return () => {
    clearInterval(timer);
    return sweeping;
  };
}
