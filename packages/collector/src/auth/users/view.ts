import type { LinkView, UserView } from '@dormouse/protocol';
import { viewBinding } from '../../access/views.js';
import type { PlaceTree } from '../../places/place-tree.js';
import type { StoredBinding } from '../../storage/contract/directory/bindings.js';
import type { StoredUser } from '../../storage/contract/directory/users.js';
import type { Caller } from '../caller.js';

/** A user as somebody may see him: without what he may do in places where they may not look. */
export function viewUser(
  { id, email, name, createdAt, signedInAt, deactivatedAt, password, identity }: StoredUser,
  bindings: readonly StoredBinding[],
  tree: PlaceTree,
  caller: Caller,
): UserView {
  const shown = bindings.filter(({ place }) => caller.mayIn(place, 'access:read'));
  return {
    id,
    email,
    name,
    createdAt,
    ...(signedInAt !== undefined && { signedInAt }),
    ...(deactivatedAt !== undefined && { deactivatedAt }),
    hasPassword: password !== undefined,
    ...(identity !== undefined && { provider: identity.issuer }),
    memberships: shown.map((binding) => viewBinding(binding, tree)),
  };
}

/** @param publicUrl where browsers see the collector, if the operator said so */
export const viewLink = (path: string, endsAt: number, publicUrl: string | undefined): LinkView => ({
  path,
  ...(publicUrl !== undefined && { url: publicUrl + path }),
  endsAt,
});
