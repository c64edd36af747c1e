import { DEFAULT_GRANTS, EVERYWHERE_PATH } from '@dormouse/protocol';
import type { Rights } from '../auth/binding.js';
import type { Caller } from '../auth/caller.js';
import type { Grant, Permission, Role } from '../auth/permissions.js';
import { CollectorError } from '../collector-error.js';
import type { PlaceTree } from '../places/place-tree.js';
import { EVERYWHERE, type PlaceId } from '../storage/contract/directory/places.js';

/** Whether somebody may know that a place exists: something of theirs holds there, above it or below. */
export const seesPlace = ({ bindings, owner }: Caller, tree: PlaceTree, place: PlaceId): boolean =>
  [bindings, owner?.bindings ?? bindings].every((bound) =>
    bound.some((binding) => tree.covers(binding.place, place) || tree.covers(place, binding.place)),
  );

/**
 * A place in which the caller may do something. One that is not theirs is answered like one that there is not.
 * @throws {CollectorError} NOT_FOUND, FORBIDDEN
 */
export function requirePlace(caller: Caller, tree: PlaceTree, path: string, permission: Permission): PlaceId {
  const place = path === EVERYWHERE_PATH ? EVERYWHERE : tree.at(path)?.id;
  if (place === undefined || (place !== EVERYWHERE && !seesPlace(caller, tree, place))) {
    throw new CollectorError('NOT_FOUND', `You see no place ${JSON.stringify(path)}.`, { path: 'place' });
  }
  requireIn(caller, tree, place, permission);
  return place;
}

/** @throws {CollectorError} FORBIDDEN */
export function requireIn(caller: Caller, tree: PlaceTree, place: PlaceId, permission: Permission): void {
  if (caller.mayIn(place, permission)) return;
  throw new CollectorError(
    'FORBIDDEN',
    `${caller.name} may not do this in ${tree.pathOf(place)}: it takes the permission ${permission} there.`,
  );
}

/** Rights as they were asked for; those of a role are its default. */
export const rightsOf = ({ role, grants }: { role: Role; grants?: readonly Grant[] }): Rights => ({
  role,
  grants: grants ?? DEFAULT_GRANTS[role],
});

/**
 * Nobody gives what they have not, nor what may come of it by an elevation.
 * @throws {CollectorError} FORBIDDEN
 */
export function requireHolds(
  caller: Caller,
  place: PlaceId,
  { grants, elevation }: Pick<Rights, 'grants'> & { readonly elevation?: Rights | undefined },
): void {
  const powers = [...grants, ...(elevation?.grants ?? [])];
  const missing = powers.find((grant) => !caller.hasIn(place, grant));
  if (missing === undefined) return;
  throw new CollectorError(
    'FORBIDDEN',
    `${caller.name} has not the grant ${missing}, and so cannot give it.`,
    {
      path: 'grants',
    },
  );
}
