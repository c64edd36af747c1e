import { z } from 'zod';
import { CollectorError } from '../../collector-error.js';
import { name } from '../../schemas/text.js';
import { newPassword } from '../../schemas/user.js';
import { defineDirectoryOperation } from '../operation.js';

export const changePassword = defineDirectoryOperation({
  name: 'changePassword',
  summary: 'Change one’s own password',
  description: 'For users who know the present one. All other sessions of theirs end.',
  tag: 'access',
  method: 'PUT',
  path: '/profile/password',
  permission: 'profile:write',
  body: z.strictObject({ present: z.string().min(1).max(256), next: newPassword }),
  output: z.object({ id: name }),
  outputDescription: 'Whose password it is.',
  errors: ['WEAK_PASSWORD'],
  async run({ people: { users } }, { body: { present, next } }, { kind, id, address, session }) {
    if (kind !== 'user') throw new CollectorError('FORBIDDEN', 'A token has no password: sign in as a user.');
    await users.changePassword(await users.require(id), {
      present,
      next,
      address,
      ...(session !== undefined && { session }),
    });
    return { id };
  },
});
