import type { OutOptions } from '../out/out.js';
import type { Log } from '../log.js';
import { Chore } from '../others/chore.js';
import type { Places } from '../places/places.js';
import type { EnvironmentId } from '../storage/contract/directory/places.js';
import type { Storage } from '../storage/contract/storage.js';
import type { Environments } from './environments.js';

/** A collector that has done it may have stopped: it is looked so often, ms. */
const LOOK_EVERY_MS = 15_000;

interface Parts {
  readonly places: Places;
  readonly environments: Environments;
  readonly out: OutOptions;
  readonly log: Log;
}

/**
 * Opens the environments from which something is to be sent, even if nobody asks about them.
 * @returns how to stop
 */
export function openSending({ places, environments, out, log }: Parts): () => Promise<void> {
  const openIfItSends = async (id: EnvironmentId): Promise<void> => {
    if (!environments.isOpen(id) && (await sends(environments.storage(id), out))) await environments.core(id);
  };
  const chore = new Chore(
    async () => {
      for (const { id } of places.tree.environments()) {
        // One that fails does not keep the others from being opened; it is tried again.
        await openIfItSends(id).catch((err: unknown) =>
          log.error({ err, environment: id }, 'an environment that may send something could not be opened'),
        );
      }
    },
    (err) => log.error({ err }, 'environments that send something could not be looked for'),
  );
  chore.ask();
  const timer = setInterval(() => chore.ask(), LOOK_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await chore.done();
  };
}

async function sends({ outlets, webhooks }: Storage, { otlpSignals }: OutOptions): Promise<boolean> {
  if (otlpSignals !== undefined || (await outlets.otlp()) !== undefined) return true;
  return (await webhooks.list()).length > 0;
}
