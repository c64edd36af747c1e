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
  /** Those that were closed here; until the next look every collector has had the time to do so. */
  let closed = new Set<EnvironmentId>();
  const keep = async (): Promise<void> => {
    await places.reload();
    const abandoned = await directory.places.abandoned();
    for (const id of abandoned) {
      await environments.close(id);
      if (!closed.has(id)) continue;
      await environments.storage(id).erase();
      await environments.close(id);
      await directory.places.forget(id);
    }
    closed = new Set(abandoned);
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
