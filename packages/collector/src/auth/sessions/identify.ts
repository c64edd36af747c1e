import type { Directory } from '../../storage/contract/directory/directory.js';
import type { StoredSession } from '../../storage/contract/directory/sessions.js';
import { identityOf } from '../authenticate.js';
import type { Identity } from '../identity.js';

/** Who a session is of, with what they may do now; nobody if they are gone, deactivated or expired. */
export async function identityOfSession(
  directory: Directory,
  { id, subject }: StoredSession,
  address: string,
): Promise<Identity | undefined> {
  if (subject.kind === 'user') {
    const user = await directory.users.find(subject.id);
    if (user === undefined || user.deactivatedAt !== undefined) return undefined;
    const bindings = await directory.bindings.of(user.id);
    return { ...subject, name: user.name, address, bindings, session: id };
  }
  const token = await directory.tokens.find(subject.id);
  if (token === undefined || (token.expiresAt ?? Infinity) <= Date.now()) return undefined;
  return { ...(await identityOf(directory, token, address)), session: id };
}
