import type { Directory } from '../../storage/contract/directory/directory.js';

/** Ends at once all that proves to be a user: sessions, and tokens of their own. */
export async function endProofs({ sessions, tokens }: Directory, user: string): Promise<void> {
  await sessions.endAllOf({ kind: 'user', id: user });
  const owned = (await tokens.list()).filter(({ owner }) => owner === user);
  for (const { id } of owned) await tokens.delete(id);
}
