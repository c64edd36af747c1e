import type { PlaceTree } from '../places/place-tree.js';
import type { PlaceId } from '../storage/contract/directory/places.js';
import type { Binding } from './binding.js';
import type { Caller, Services } from './caller.js';
import type { Identity } from './identity.js';
import { roleAllows, type Permission } from './permissions.js';
import { matchesService } from './service-pattern.js';

/**
 * An identity with what it may do in a place.
 * @param byAgent whether the request says that it comes by way of an AI agent
 */
export function callerIn(identity: Identity, byAgent: boolean, tree: PlaceTree, place: PlaceId): Caller {
  const isAgent = byAgent || identity.isForAi === true;
  const allows = (at: PlaceId, services: Services, test: (binding: Binding) => boolean): boolean =>
    bindingsOf(identity).every((bindings) =>
      bindings.some((binding) => tree.covers(binding.place, at) && isFor(binding, services) && test(binding)),
    );
  return {
    ...identity,
    isAgent,
    place,
    may: (permission, services = 'any') =>
      allows(place, services, ({ role }) => roleAllows(role, permission)),
    has: (grant, services = 'any') => allows(place, services, ({ grants }) => grants.includes(grant)),
    mayIn: (at, permission) =>
      allows(
        at,
        'all',
        ({ role, isTemporary }) =>
          roleAllows(role, permission) && !((isTemporary || isAgent) && LASTING.includes(permission)),
      ),
    hasIn: (at, grant) =>
      allows(at, 'all', ({ grants, isTemporary }) => grants.includes(grant) && !isTemporary),
  };
}

/** What takes more than a temporary elevation, whose end its effects would outlast, and is not for AI agents. */
const LASTING: readonly Permission[] = ['access:write', 'places:write'];

/** Whether something is allowed in at least one place. */
export const mayAnywhere = (identity: Identity, permission: Permission): boolean =>
  bindingsOf(identity).every((bindings) => bindings.some(({ role }) => roleAllows(role, permission)));

/** Each of them has to allow what is done: the identity's own, and those of its owner. */
const bindingsOf = ({ bindings, owner }: Identity): readonly (readonly Binding[])[] =>
  owner === undefined ? [bindings] : [bindings, owner.bindings];

function isFor({ services: patterns }: Binding, services: Services): boolean {
  if (services === 'any') return true;
  return services === 'all' ? patterns.length === 0 : matchesService(patterns, services.service);
}
