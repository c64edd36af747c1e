import type { Caller } from '../auth/caller.js';
import { CollectorError } from '../collector-error.js';
import type { Site } from '../site.js';
import type { StoredToken } from '../storage/contract/directory/tokens.js';

/** A token that the caller may change. @throws {CollectorError} NOT_FOUND, also for one of others */
export async function requireToken({ directory }: Site, caller: Caller, id: string): Promise<StoredToken> {
  const token = await directory.tokens.find(id);
  if (token !== undefined && caller.mayIn(token.binding.place, 'access:write')) return token;
  throw new CollectorError('NOT_FOUND', `There is no token ${id} that you may change.`);
}
