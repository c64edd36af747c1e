import type { Log } from '../log.js';
import { Chore } from '../others/chore.js';
import type { Places } from '../places/places.js';
import type { Directory } from '../storage/contract/directory/directory.js';
import type { EnvironmentId } from '../storage/contract/directory/places.js';
import type { Environments } from './environments.js';

/** The directory is looked at so often even if nobody announced a change, ms. */
const LOOK_EVERY_MS = 5_000;

interface Parts {
  readonly directory: Directory;
  readonly places: Places;
  readonly environments: Environments;
  readonly log: Log;
}

/**
 * Follows what others do to the directory, closes environments that are gone, and erases what was in them.
 * @returns how to stop
 */
export async function keepDirectory({
  directory,
  places,
  environments,
  log,
}: Parts): Promise<() => Promise<void>> {
  /** Those that were abandoned at the last look: since then every collector has had the time to close them. */
  let before = new Set<EnvironmentId>();
  const keep = async (): Promise<void> => {
    await places.reload();
    for (const id of environments.open) {
      if (!places.tree.has(id)) await environments.close(id);
    }
    const abandoned = await directory.places.abandoned();
    for (const id of abandoned.filter((one) => before.has(one))) {
      await environments.storage(id).erase();
      await environments.close(id);
      await directory.places.forget(id);
    }
    before = new Set(abandoned);
  };
  const failed = (err: unknown): void => log.error({ err }, 'the directory could not be followed');
  const chore = new Chore(keep, failed);
  const reloading = new Chore(() => places.reload(), failed);
  const mute = await directory.listen(() => reloading.ask());
  const timer = setInterval(() => chore.ask(), LOOK_EVERY_MS);
  chore.ask();
  return async () => {
    clearInterval(timer);
    await mute();
    await Promise.all([chore.done(), reloading.done()]);
  };
}
