import { CollectorError } from '../../collector-error.js';
import { EVERYWHERE } from '../../storage/contract/directory/places.js';
import type { StoredUser } from '../../storage/contract/directory/users.js';
import type { Binding } from '../binding.js';
import type { Caller } from '../caller.js';

/** Whether somebody may know of a user: who may see access everywhere, or in a place in which the user may do something. */
export function seesUser(caller: Caller, bindings: readonly Binding[]): boolean {
  return [EVERYWHERE, ...bindings.map(({ place }) => place)].some((place) =>
    caller.mayIn(place, 'access:read'),
  );
}

/**
 * Whether somebody may give these rights, or take the place of who has them, by setting a new password: only who has all
 * of them. So nobody of one organisation has power over people of another, nor over those who may more.
 */
export function rulesOver(caller: Caller, bindings: readonly Binding[]): boolean {
  if (bindings.length === 0) return caller.mayIn(EVERYWHERE, 'access:write');
  return bindings.every(({ place, grants, elevation }) => {
    const powers = [...grants, ...(elevation?.grants ?? [])];
    return caller.mayIn(place, 'access:write') && powers.every((grant) => caller.hasIn(place, grant));
  });
}

/** @throws {CollectorError} NOT_FOUND for a user whom the caller may not know of, FORBIDDEN for one who may more than he */
export function requireRule(caller: Caller, user: StoredUser, bindings: readonly Binding[]): void {
  requireSight(caller, user, bindings);
  if (rulesOver(caller, bindings)) return;
  throw new CollectorError(
    'FORBIDDEN',
    `${user.name} may do something that ${caller.name} may not. It takes somebody who may do all of it.`,
  );
}

/** @throws {CollectorError} NOT_FOUND */
export function requireSight(caller: Caller, user: StoredUser, bindings: readonly Binding[]): void {
  if (!seesUser(caller, bindings)) throw noUser(user.id);
}

export const noUser = (id: string): CollectorError =>
  new CollectorError('NOT_FOUND', `There is no user ${id}.`);
