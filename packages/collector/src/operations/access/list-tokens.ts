import { z } from 'zod';
import { viewToken } from '../../access/views.js';
import { tokenView } from '../../schemas/access.js';
import { defineDirectoryOperation } from '../operation.js';

export const listTokens = defineDirectoryOperation({
  name: 'listTokens',
  summary: 'List tokens',
  description: 'The tokens of all places whose access the caller may see.',
  tag: 'access',
  method: 'GET',
  path: '/tokens',
  permission: 'access:read',
  output: z.object({ tokens: z.array(tokenView) }),
  outputDescription: 'The tokens, oldest first, without their secrets.',
  errors: [],
  async run({ directory, places: { tree } }, _input, caller) {
    const tokens = await directory.tokens.list();
    return {
      tokens: tokens
        .filter(({ binding }) => caller.mayIn(binding.place, 'access:read'))
        .map((token) => viewToken(token, tree)),
    };
  },
});
