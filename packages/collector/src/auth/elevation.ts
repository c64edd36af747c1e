import { ROLES } from '@dormouse/protocol';
import type { PlaceTree } from '../places/place-tree.js';
import type { EnvironmentId } from '../storage/contract/directory/places.js';
import type { Binding, Rights } from './binding.js';

/** Rights that somebody has, or asks for, in one environment for a while. */
export interface Elevation extends Rights {
  readonly environment: EnvironmentId;
}

/** The binding that an elevation comes to, while one of those that there are without it permits it. */
export function elevatedBy(
  { environment, role, grants }: Elevation,
  bindings: readonly Binding[],
  tree: PlaceTree,
): Binding[] {
  const basis = bindings.find(
    (binding) => tree.covers(binding.place, environment) && permits(binding, { role, grants }),
  );
  return basis === undefined
    ? []
    : [{ place: environment, role, grants, services: basis.services, isTemporary: true }];
}

/** Whether a binding, or what it may be raised to, has all of some rights. */
function permits({ role, grants, elevation }: Binding, asked: Rights): boolean {
  if (elevation === undefined) return false;
  const most = Math.max(ROLES.indexOf(role), ROLES.indexOf(elevation.role));
  return (
    ROLES.indexOf(asked.role) <= most &&
    asked.grants.every((grant) => grants.includes(grant) || elevation.grants.includes(grant))
  );
}
