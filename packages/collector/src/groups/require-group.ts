import { CollectorError } from '../collector-error.js';
import type { StoredGroup } from '../storage/contract/groups.js';
import type { Storage } from '../storage/contract/storage.js';

/** @throws {CollectorError} NOT_FOUND */
export async function requireGroup({ groups }: Pick<Storage, 'groups'>, id: string): Promise<StoredGroup> {
  const group = await groups.find(id);
  if (group !== undefined) return group;
  throw new CollectorError('NOT_FOUND', `There is no group ${id}. GET /groups lists them.`, {
    path: 'group',
  });
}

export const hasEnded = ({ endedAt, expiresAt }: StoredGroup): boolean =>
  endedAt !== undefined || expiresAt <= Date.now();
