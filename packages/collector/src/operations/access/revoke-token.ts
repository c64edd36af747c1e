import { z } from 'zod';
import { requireToken } from '../../access/require-token.js';
import { viewToken } from '../../access/views.js';
import { tokenView } from '../../schemas/access.js';
import { name } from '../../schemas/text.js';
import { defineDirectoryOperation } from '../operation.js';

export const revokeToken = defineDirectoryOperation({
  name: 'revokeToken',
  summary: 'Revoke a token',
  description:
    'It is worth nothing from then on, at every collector. Whatever follows captures or is connected with it is cut within moments.',
  tag: 'access',
  method: 'DELETE',
  path: '/tokens/:id',
  permission: 'access:write',
  params: z.strictObject({ id: name }),
  output: tokenView,
  outputDescription: 'The token as it was.',
  errors: ['NOT_FOUND'],
  async run(site, { params: { id } }, caller) {
    const token = await requireToken(site, caller, id);
    await site.directory.tokens.delete(id);
    return viewToken(token, site.places.tree);
  },
});
