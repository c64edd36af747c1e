import { z } from 'zod';
import { viewToken } from '../../access/views.js';
import { userOf } from '../../auth/identity.js';
import { tokenView } from '../../schemas/access.js';
import { defineDirectoryOperation } from '../operation.js';

export const listOwnTokens = defineDirectoryOperation({
  name: 'listOwnTokens',
  summary: 'List one’s own tokens',
  description: 'Those that belong to whoever asks.',
  tag: 'access',
  method: 'GET',
  path: '/profile/tokens',
  permission: 'profile:read',
  output: z.object({ tokens: z.array(tokenView) }),
  outputDescription: 'The tokens, oldest first.',
  errors: [],
  async run({ directory, places }, _input, caller) {
    const user = userOf(caller);
    const all = user === undefined ? [] : await directory.tokens.list();
    const own = all.filter(({ owner }) => owner === user);
    return { tokens: own.map((token) => viewToken(token, places.tree)) };
  },
});
