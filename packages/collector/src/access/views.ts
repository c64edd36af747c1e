import type { BindingRights, BindingView, ElevationView, PlaceView, TokenView } from '@dormouse/protocol';
import type { Binding } from '../auth/binding.js';
import type { Place, PlaceTree } from '../places/place-tree.js';
import type { StoredBinding } from '../storage/contract/directory/bindings.js';
import type { StoredElevation } from '../storage/contract/directory/elevations.js';
import type { StoredToken } from '../storage/contract/directory/tokens.js';

export const viewPlace = ({ path, kind, createdAt }: Place): PlaceView => ({ place: path, kind, createdAt });

export const viewRights = (
  { place, role, grants, services, elevation }: Binding,
  tree: PlaceTree,
): BindingRights => ({
  place: tree.pathOf(place),
  role,
  grants,
  services,
  ...(elevation !== undefined && { elevation }),
});

export const viewToken = ({ binding, ...token }: StoredToken, tree: PlaceTree): TokenView => ({
  ...token,
  ...viewRights(binding, tree),
});

export const viewBinding = (
  { id, user, createdAt, ...binding }: StoredBinding,
  tree: PlaceTree,
): BindingView => ({
  id,
  user,
  createdAt,
  ...viewRights(binding, tree),
});

export const viewElevation = (elevation: StoredElevation, tree: PlaceTree): ElevationView => ({
  ...elevation,
  environment: tree.pathOf(elevation.environment),
});
