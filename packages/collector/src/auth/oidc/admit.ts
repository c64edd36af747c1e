import { randomUUID } from 'node:crypto';
import { DEFAULT_GRANTS, EVERYWHERE_PATH } from '@dormouse/protocol';
import { CollectorError } from '../../collector-error.js';
import type { PlaceTree } from '../../places/place-tree.js';
import type { StoredBinding } from '../../storage/contract/directory/bindings.js';
import type { Directory } from '../../storage/contract/directory/directory.js';
import { EVERYWHERE, type PlaceId } from '../../storage/contract/directory/places.js';
import type { Identity, StoredUser } from '../../storage/contract/directory/users.js';
import { endProofs } from '../users/end-proofs.js';
import type { GroupRule, OidcOptions } from './options.js';
import { requireDomain, type Profile } from './profile.js';

/**
 * The user that a provider's word stands for: the one whom it named before, or who was invited with the verified address, or
 * a new one whose groups may do something here. Groups count as they are at this sign-in.
 * @throws {CollectorError} FORBIDDEN for whoever has no business here
 */
export async function admit(
  directory: Directory,
  tree: PlaceTree,
  profile: Profile,
  { domains = [], groups = [] }: OidcOptions,
): Promise<StoredUser> {
  requireDomain(profile, domains);
  const rules = groups.filter(({ group }) => profile.groups.includes(group));
  const user =
    (await known(directory, profile)) ?? (rules.length === 0 ? undefined : await create(directory, profile));
  if (user === undefined || user.deactivatedAt !== undefined) throw stranger(profile);
  await bindToGroups(directory, user, rules, tree);
  if ((await directory.bindings.of(user.id)).length === 0) throw stranger(profile);
  await directory.users.change(user.id, { signedInAt: Date.now() });
  return user;
}

async function known(directory: Directory, { identity, email }: Profile): Promise<StoredUser | undefined> {
  const { users } = directory;
  const named = await users.withIdentity(identity);
  if (named !== undefined) return named;
  const invited = email === undefined ? undefined : await users.withEmail(email);
  // Somebody else at the provider who was given the address of one who left is not that one.
  if (invited === undefined || invited.identity !== undefined) return undefined;
  return link(directory, invited, identity);
}

/**
 * From now on the provider says who somebody is, and nothing else does: whoever invited them, and may have set a password for them, must not
 * have what their groups will give them.
 */
async function link(
  directory: Directory,
  user: StoredUser,
  identity: Identity,
): Promise<StoredUser | undefined> {
  if (!(await directory.users.change(user.id, { identity, password: undefined }))) return undefined;
  await endProofs(directory, user.id);
  return user;
}

async function create(
  { users }: Directory,
  { identity, name, email }: Profile,
): Promise<StoredUser | undefined> {
  if (email === undefined) return undefined;
  const user = { id: `u_${randomUUID()}`, email, name, identity, createdAt: Date.now() };
  return (await users.insert(user)) ? user : undefined;
}

/** Makes the user's bindings by groups what the rules say; those given by people stay. */
async function bindToGroups(
  { bindings }: Directory,
  { id: user }: StoredUser,
  rules: readonly GroupRule[],
  tree: PlaceTree,
): Promise<void> {
  const wanted = rules.flatMap((rule, index): StoredBinding[] => {
    const place = placeAt(tree, rule.place);
    const { role } = rule;
    if (place === undefined) return [];
    const rights = { place, role, grants: DEFAULT_GRANTS[role], services: [] };
    return [{ id: `${byGroupsOf(user)}${index}`, user, createdAt: Date.now(), ...rights }];
  });
  const present = (await bindings.of(user)).filter(({ id }) => id.startsWith(byGroupsOf(user)));
  for (const binding of wanted) await bindings.save(binding);
  for (const { id } of present) if (!wanted.some((binding) => binding.id === id)) await bindings.delete(id);
}

/** How the ids of bindings begin that come of groups. */
const byGroupsOf = (user: string): string => `${user}.group.`;

function placeAt(tree: PlaceTree, path: string): PlaceId | undefined {
  return path === EVERYWHERE_PATH ? EVERYWHERE : tree.at(path)?.id;
}

function stranger({ name }: Profile): CollectorError {
  return new CollectorError(
    'FORBIDDEN',
    `${name} is not known here, or may do nothing. Ask an admin for an invitation.`,
  );
}
