import type { Log } from '../log.js';
import { Chore } from '../others/chore.js';
import type { Places } from '../places/places.js';
import type { Directory } from '../storage/contract/directory/directory.js';
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
  const keep = async (): Promise<void> => {
    await places.reload();
    for (const id of await directory.places.abandoned()) {
      await environments.close(id);
      await environments.storage(id).erase();
      await directory.places.forget(id);
    }
  };
  const chore = new Chore(keep, (err) => log.error({ err }, 'the directory could not be followed'));
  const mute = await directory.listen(() => chore.ask());
  const timer = setInterval(() => chore.ask(), LOOK_EVERY_MS);
  chore.ask();
  return async () => {
    clearInterval(timer);
    await mute();
    await chore.done();
  };
}
