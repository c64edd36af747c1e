import { z } from 'zod';
import { requireHolds } from '../../access/require.js';
import { requireToken } from '../../access/require-token.js';
import { viewToken } from '../../access/views.js';
import { hashToken, mintToken } from '../../auth/token.js';
import { mintedToken } from '../../schemas/access.js';
import { name } from '../../schemas/text.js';
import { defineDirectoryOperation } from '../operation.js';

/** Time in which both secrets are good, ms. */
const OVERLAP_MS = 86_400_000;
const MAX_OVERLAP_MS = 30 * 86_400_000;

export const rotateToken = defineDirectoryOperation({
  name: 'rotateToken',
  summary: 'Give a token another secret',
  description:
    'The secret it had is good for a while longer, so that nothing has to change at the same moment.',
  tag: 'access',
  method: 'POST',
  path: '/tokens/:id/rotate',
  permission: 'access:write',
  params: z.strictObject({ id: name }),
  body: z.strictObject({
    overlapMs: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_MS)
      .meta({ description: `Time in which both are good; ${OVERLAP_MS}, a day, without it.` })
      .default(OVERLAP_MS),
  }),
  output: mintedToken,
  outputDescription: 'The token with its new secret, which cannot be shown again.',
  errors: ['NOT_FOUND'],
  async run(site, { params: { id }, body: { overlapMs } }, caller) {
    const { binding, kind } = await requireToken(site, caller, id);
    // Whoever gets the secret gets what the token may.
    requireHolds(caller, binding.place, binding);
    const secret = mintToken(kind);
    await site.directory.tokens.rotate(id, hashToken(secret), Date.now() + overlapMs);
    return { token: viewToken(await requireToken(site, caller, id), site.places.tree), secret };
  },
});
