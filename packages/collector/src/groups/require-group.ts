import type { Caller } from '../auth/caller.js';
import { selvesOf } from '../auth/identity.js';
import type { Permission } from '../auth/permissions.js';
import { CollectorError } from '../collector-error.js';
import type { StoredGroup } from '../storage/contract/groups.js';
import type { Storage } from '../storage/contract/storage.js';

/** @throws {CollectorError} NOT_FOUND */
export async function requireGroup({ groups }: Pick<Storage, 'groups'>, id: string): Promise<StoredGroup> {
  const group = await groups.find(id);
  if (group === undefined) throw notFound(id);
  return group;
}

/**
 * A group of which somebody sees something: who may do this in all services sees all, others those with probes of their
 * services, and those that they made.
 * @throws {CollectorError} NOT_FOUND
 */
export async function requireSeenGroup(
  storage: Pick<Storage, 'groups' | 'probes'>,
  id: string,
  permission: Permission,
  caller: Caller,
): Promise<StoredGroup> {
  const group = await requireGroup(storage, id);
  if (caller.may(permission, 'all') || group.createdBy === makerOf(caller)) return group;
  const services = await servicesOf(storage, id);
  if (!services.some((service) => caller.may(permission, { service }))) throw notFound(id);
  return group;
}

/**
 * A group all of whose probes are of services in which somebody may do this.
 * @throws {CollectorError} NOT_FOUND, FORBIDDEN
 */
export async function requireWholeGroup(
  storage: Pick<Storage, 'groups' | 'probes'>,
  id: string,
  permission: Permission,
  caller: Caller,
): Promise<StoredGroup> {
  const group = await requireSeenGroup(storage, id, permission, caller);
  if (caller.may(permission, 'all')) return group;
  const services = await servicesOf(storage, id);
  if (services.every((service) => caller.may(permission, { service }))) return group;
  throw new CollectorError(
    'FORBIDDEN',
    `Group ${id} has probes of other services too, and ${caller.name} may do this in some only.`,
    { path: 'group' },
  );
}

export const hasEnded = ({ endedAt, expiresAt }: StoredGroup): boolean =>
  endedAt !== undefined || expiresAt <= Date.now();

/** To know again who made a group: a user, by whatever proof, or else a token. */
export function makerOf(caller: Caller): string {
  const { kind, id } = selvesOf(caller).at(-1)!;
  return `${kind} ${id}`;
}

/** More probes than any group has: a service has 200 at most. */
const ALL = 10_000;

async function servicesOf({ probes }: Pick<Storage, 'probes'>, group: string): Promise<string[]> {
  const found = await probes.list({ group }, ALL);
  return [...new Set(found.map(({ definition }) => definition.service))];
}

const notFound = (id: string): CollectorError =>
  new CollectorError('NOT_FOUND', `There is no group ${id}. GET /groups lists them.`, { path: 'group' });
