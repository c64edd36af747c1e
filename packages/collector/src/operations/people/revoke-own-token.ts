import { z } from 'zod';
import { viewToken } from '../../access/views.js';
import { userOf } from '../../auth/identity.js';
import { CollectorError } from '../../collector-error.js';
import { tokenView } from '../../schemas/access.js';
import { name } from '../../schemas/text.js';
import { defineDirectoryOperation } from '../operation.js';

export const revokeOwnToken = defineDirectoryOperation({
  name: 'revokeOwnToken',
  summary: 'Revoke one of one’s own tokens',
  description: 'It is worth nothing from now on.',
  tag: 'access',
  method: 'DELETE',
  path: '/profile/tokens/:id',
  permission: 'profile:write',
  params: z.strictObject({ id: name }),
  output: tokenView,
  outputDescription: 'The token as it was.',
  errors: ['NOT_FOUND'],
  async run({ directory, places }, { params }, caller) {
    const user = userOf(caller);
    const token = await directory.tokens.find(params.id);
    if (token === undefined || user === undefined || token.owner !== user) {
      throw new CollectorError('NOT_FOUND', `You have no token ${params.id}.`);
    }
    await directory.tokens.delete(token.id);
    return viewToken(token, places.tree);
  },
});
