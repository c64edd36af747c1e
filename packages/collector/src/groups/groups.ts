import { randomBytes } from 'node:crypto';
import { MAX_PROBE_LIMITS, type GroupRequest, type GroupView } from '@dormouse/protocol';
import type { Caller } from '../auth/caller.js';
import { CollectorError } from '../collector-error.js';
import type { Core } from '../core.js';
import { GROUP_LIFE_MS, requireLifePermitted } from '../probes/permitted.js';
import type { StoredGroup } from '../storage/contract/groups.js';
import { hasEnded, requireGroup } from './require-group.js';

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
    createdAt: now,
    expiresAt: now + checkLife(expiresInMs),
  };
  await core.storage.groups.save(group);
  core.log.info({ group: group.id, name }, 'group created');
  return viewGroup(core, group);
}

/** Newest first. */
export async function listGroups(
  core: Needs,
  state: GroupView['state'] | undefined,
  limit: number,
): Promise<GroupView[]> {
  const wanted = state && { is: state, at: Date.now() };
  const groups = await core.storage.groups.list(limit, wanted);
  return Promise.all(groups.map((group) => viewGroup(core, group)));
}

/** @throws {CollectorError} NOT_FOUND */
export async function getGroup(core: Needs, id: string): Promise<GroupView> {
  return viewGroup(core, await requireGroup(core.storage, id));
}

/**
 * Takes active probes in: from then on they live as long as the group.
 * @throws {CollectorError} NOT_FOUND, ENDED
 */
export async function addToGroup(core: Needs, id: string, ids: readonly string[]): Promise<GroupView> {
  const group = await requireActive(core, id);
  for (const probe of ids) await core.probes.join(probe, group);
  return viewGroup(core, group);
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
  const group = { ...(await requireActive(core, id)), expiresAt: Date.now() + checkLife(expiresInMs) };
  await core.storage.groups.save(group);
  for (const probe of await probesOf(core, id, 'active')) await core.probes.join(probe.id, group);
  return viewGroup(core, group);
}

/**
 * Ends a group and all its probes; one that has ended already stays as it is.
 * @throws {CollectorError} NOT_FOUND
 */
export async function endGroup(core: Needs, id: string): Promise<GroupView> {
  const group = await requireGroup(core.storage, id);
  if (hasEnded(group)) return viewGroup(core, group);
  const ended = { ...group, endedAt: Date.now() };
  await core.storage.groups.save(ended);
  await Promise.all((await probesOf(core, id, 'active')).map((probe) => core.probes.remove(probe.id)));
  core.log.info({ group: id }, 'group ended');
  return viewGroup(core, ended);
}

async function viewGroup(core: Needs, group: StoredGroup): Promise<GroupView> {
  const { endedAt, ...stored } = group;
  const probes = await probesOf(core, group.id);
  const isOver = hasEnded(group);
  return {
    ...stored,
    state: isOver ? 'ended' : 'active',
    ...(isOver && {
      endedAt: endedAt ?? group.expiresAt,
      endCause: endedAt === undefined ? 'expired' : 'removed',
    }),
    probes: probes.map(({ id }) => id),
    active: probes.filter((probe) => probe.state === 'active').length,
    hits: probes.reduce((sum, { hits }) => sum + hits, 0),
  };
}

async function probesOf(
  { storage }: Needs,
  group: string,
  state?: 'active',
): Promise<readonly { readonly id: string; readonly state: 'active' | 'ended'; readonly hits: number }[]> {
  const probes = await storage.probes.list({ group, ...(state !== undefined && { state }) }, ALL);
  return probes.map(({ definition: { id }, state: stands, hits }) => ({ id, state: stands, hits }));
}

async function requireActive(core: Needs, id: string): Promise<StoredGroup> {
  const group = await requireGroup(core.storage, id);
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
