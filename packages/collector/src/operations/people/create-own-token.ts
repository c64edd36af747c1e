import { randomUUID } from 'node:crypto';
import { GRANTS } from '@dormouse/protocol';
import { z } from 'zod';
import { viewToken } from '../../access/views.js';
import { hashToken, mintToken } from '../../auth/token.js';
import { CollectorError } from '../../collector-error.js';
import { isForAi, mintedToken } from '../../schemas/access.js';
import { name } from '../../schemas/text.js';
import { EVERYWHERE } from '../../storage/contract/directory/places.js';
import type { StoredToken } from '../../storage/contract/directory/tokens.js';
import { defineDirectoryOperation } from '../operation.js';

/** Without an expiry that is asked for, ms: 90 days. */
const DEFAULT_LIFE_MS = 90 * 86_400_000;
const MAX_LIFE_MS = 366 * 86_400_000;

/** What it allows in itself: the owner's rights, as they are at each moment, bound it. */
const WHATEVER_THE_OWNER_MAY = { place: EVERYWHERE, role: 'admin', grants: GRANTS, services: [] } as const;

export const createOwnToken = defineDirectoryOperation({
  name: 'createOwnToken',
  summary: 'Make a token of one’s own',
  description:
    'For the command line and the editor of a user: it may do what the user may, no more and no longer, and ends with them.',
  tag: 'access',
  method: 'POST',
  path: '/profile/tokens',
  permission: 'profile:write',
  body: z.strictObject({
    name: name.meta({ description: 'Where it is used.' }),
    isForAi,
    expiresInMs: z.int().min(1).max(MAX_LIFE_MS).default(DEFAULT_LIFE_MS),
  }),
  output: mintedToken,
  outputDescription: 'The token with its secret, which cannot be shown again.',
  status: 201,
  errors: [],
  async run({ directory, places }, { body }, { kind, id }) {
    // A token that makes tokens would outlive its own revocation.
    if (kind !== 'user')
      throw new CollectorError('FORBIDDEN', 'Only somebody who is signed in has own tokens.');
    const createdAt = Date.now();
    const token: StoredToken = {
      id: `t_${randomUUID()}`,
      kind: 'api',
      name: body.name,
      owner: id,
      ...(body.isForAi && { isForAi: true }),
      binding: WHATEVER_THE_OWNER_MAY,
      createdAt,
      expiresAt: createdAt + body.expiresInMs,
    };
    const secret = mintToken('api');
    await directory.tokens.insert(token, hashToken(secret));
    return { token: viewToken(token, places.tree), secret };
  },
});
