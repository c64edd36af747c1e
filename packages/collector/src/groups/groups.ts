import { randomBytes } from 'node:crypto';
import { MAX_PROBE_LIMITS, type GroupRequest, type GroupView } from '@dormouse/protocol';
import type { Caller } from '../auth/caller.js';
import { CollectorError } from '../collector-error.js';
import type { Core } from '../core.js';
import { GROUP_LIFE_MS, requireLifePermitted } from '../probes/permitted.js';
import { servicesFor } from '../services/services.js';
import type { StoredGroup } from '../storage/contract/groups.js';
import { hasEnded, makerOf, requireSeenGroup, requireWholeGroup } from './require-group.js';

/** More probes than any group has: a service has 200 at most. */
const ALL = 10_000;

type Needs = Pick<Core, 'storage' | 'probes' | 'log'>;

/** @throws {CollectorError} FORBIDDEN, LIMIT_EXCEEDED */
export async function createGroup(core: Needs, request: GroupRequest, caller: Caller): Promise<GroupView> {
  const { name, owner, expiresInMs = GROUP_LIFE_MS } = request;
  requireLifePermitted(expiresInMs, caller);
  const now = Date.now();
  const group: StoredGroup = {
    id: `g_${randomBytes(6).toString('hex')}`,
    name,
    ...(owner !== undefined && { owner }),
    createdBy: makerOf(caller),
    createdAt: now,
    expiresAt: now + checkLife(expiresInMs),
  };
  await core.storage.groups.save(group);
  core.log.info({ group: group.id, name }, 'group created');
  return viewGroup(core, group, caller);
}

/** Those of which the caller sees something, newest first. */
export async function listGroups(
  core: Needs,
  state: GroupView['state'] | undefined,
  limit: number,
  caller: Caller,
): Promise<GroupView[]> {
  const wanted = state && { is: state, at: Date.now() };
  const services = await servicesFor(core.storage, 'probes:read', caller);
  const onlooker = services && { who: makerOf(caller), services };
  const groups = await core.storage.groups.list(limit, wanted, onlooker);
  return Promise.all(groups.map((group) => viewGroup(core, group, caller)));
}

/** @throws {CollectorError} NOT_FOUND */
export async function getGroup(core: Needs, id: string, caller: Caller): Promise<GroupView> {
  return viewGroup(core, await requireSeenGroup(core.storage, id, 'probes:read', caller), caller);
}

/**
 * Takes active probes in: from then on they live as long as the group.
 * @throws {CollectorError} NOT_FOUND, FORBIDDEN, ENDED
 */
export async function addToGroup(
  core: Needs,
  id: string,
  ids: readonly string[],
  caller: Caller,
): Promise<GroupView> {
  const group = await requireActive(core, id, caller);
  for (const probe of ids) await core.probes.requireOwn(probe, 'probes:write', caller);
  for (const probe of ids) await core.probes.join(probe, group);
  return viewGroup(core, group, caller);
}

/**
 * Gives a group, and all its active probes, another life from now on.
 * @throws {CollectorError} NOT_FOUND, FORBIDDEN, ENDED, LIMIT_EXCEEDED
 */
export async function extendGroup(
  core: Needs,
  id: string,
  expiresInMs: number,
  caller: Caller,
): Promise<GroupView> {
  requireLifePermitted(expiresInMs, caller);
  const former = await requireActive(core, id, caller);
  const group = { ...former, expiresAt: Date.now() + checkLife(expiresInMs) };
  await core.storage.groups.save(group);
  for (const probe of await activeIn(core, id)) await core.probes.join(probe, group);
  return viewGroup(core, group, caller);
}

/**
 * Ends a group and all its probes; one that has ended already stays as it is.
 * @throws {CollectorError} NOT_FOUND, FORBIDDEN
 */
export async function endGroup(core: Needs, id: string, caller: Caller): Promise<GroupView> {
  const group = await requireWholeGroup(core.storage, id, 'probes:write', caller);
  if (hasEnded(group)) return viewGroup(core, group, caller);
  const ended = { ...group, endedAt: Date.now() };
  await core.storage.groups.save(ended);
  await Promise.all((await activeIn(core, id)).map((probe) => core.probes.remove(probe)));
  core.log.info({ group: id }, 'group ended');
  return viewGroup(core, ended, caller);
}

/** With those of its probes that the caller may see. */
async function viewGroup({ storage }: Needs, group: StoredGroup, caller: Caller): Promise<GroupView> {
  const { endedAt, createdBy: _maker, ...stored } = group;
  const services = await servicesFor(storage, 'probes:read', caller);
  const filter = { group: group.id, ...(services !== undefined && { services }) };
  const probes = await storage.probes.list(filter, ALL);
  const isOver = hasEnded(group);
  return {
    ...stored,
    state: isOver ? 'ended' : 'active',
    ...(isOver && {
      endedAt: endedAt ?? group.expiresAt,
      endCause: endedAt === undefined ? 'expired' : 'removed',
    }),
    probes: probes.map(({ definition }) => definition.id),
    active: probes.filter((probe) => probe.state === 'active').length,
    hits: probes.reduce((sum, { hits }) => sum + hits, 0),
  };
}

async function activeIn({ storage }: Needs, group: string): Promise<string[]> {
  const probes = await storage.probes.list({ group, state: 'active' }, ALL);
  return probes.map(({ definition }) => definition.id);
}

async function requireActive({ storage }: Needs, id: string, caller: Caller): Promise<StoredGroup> {
  const group = await requireWholeGroup(storage, id, 'probes:write', caller);
  if (!hasEnded(group)) return group;
  throw new CollectorError('ENDED', `Group ${id} has ended. POST /groups makes another.`);
}

/** @throws {CollectorError} LIMIT_EXCEEDED */
function checkLife(expiresInMs: number): number {
  const { expiresInMs: most } = MAX_PROBE_LIMITS;
  if (expiresInMs <= most) return expiresInMs;
  const message = `expiresInMs is ${expiresInMs}, and ${most} is the most it can be.`;
  throw new CollectorError('LIMIT_EXCEEDED', message, { path: 'expiresInMs' });
}
