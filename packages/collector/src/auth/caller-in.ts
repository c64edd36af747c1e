import type { PlaceTree } from '../places/place-tree.js';
import type { PlaceId } from '../storage/contract/directory/places.js';
import type { Binding } from './binding.js';
import type { Caller } from './caller.js';
import type { Identity } from './identity.js';
import { roleAllows } from './permissions.js';
import { matchesService } from './service-pattern.js';

/** An identity with what it may do in a place. */
export function callerIn(identity: Identity, tree: PlaceTree, place: PlaceId): Caller {
  const someone = [identity.bindings, ...(identity.owner === undefined ? [] : [identity.owner.bindings])];
  /** Allowed by a binding, and by one of the owner as well. */
  const allows = (at: PlaceId, service: string | undefined, test: (binding: Binding) => boolean): boolean =>
    someone.every((bindings) =>
      bindings.some(
        (binding) =>
          tree.covers(binding.place, at) &&
          (service === undefined || matchesService(binding.services, service)) &&
          test(binding),
      ),
    );
  return {
    ...identity,
    place,
    may: (permission, service, at = place) => allows(at, service, ({ role }) => roleAllows(role, permission)),
    has: (grant, service) => allows(place, service, ({ grants }) => grants.includes(grant)),
  };
}
