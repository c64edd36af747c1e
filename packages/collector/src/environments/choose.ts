import { CollectorError } from '../collector-error.js';
import type { Binding } from '../auth/binding.js';
import type { Identity } from '../auth/identity.js';
import type { Place, PlaceTree } from '../places/place-tree.js';

/** The header, in lower case, that says which environment a request is about: `organisation/project/environment`. */
export const ENVIRONMENT_HEADER = 'dormouse-environment';

/** The environments that somebody may see, by path. */
export function environmentsOf({ bindings, owner }: Identity, tree: PlaceTree): Place[] {
  const isBound = (place: Place, to: readonly Binding[]): boolean =>
    to.some((binding) => tree.covers(binding.place, place.id));
  return tree
    .environments()
    .filter((place) => isBound(place, bindings) && (owner === undefined || isBound(place, owner.bindings)));
}

/**
 * Which environment a request is about. One that is not the caller's is answered like one that there is not.
 * @param named its path; without it, the only one that the caller may see
 * @throws {CollectorError} NOT_FOUND, INVALID_REQUEST
 */
export function chooseEnvironment(identity: Identity, tree: PlaceTree, named: string | undefined): Place {
  const seen = environmentsOf(identity, tree);
  if (named !== undefined) {
    const place = seen.find(({ path }) => path === named);
    if (place !== undefined) return place;
    throw new CollectorError('NOT_FOUND', `You see no environment ${JSON.stringify(named)}.`, {
      path: 'Dormouse-Environment',
    });
  }
  const [only, ...others] = seen;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined)
    throw new CollectorError('FORBIDDEN', 'You see no environment. Ask an admin for access.');
  throw new CollectorError(
    'INVALID_REQUEST',
    `You see ${seen.length} environments. Say which with the header Dormouse-Environment, or ?environment=….`,
    { path: 'Dormouse-Environment', suggestions: seen.slice(0, 5).map(({ path }) => path) },
  );
}
