import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requireHolds, requirePlace, rightsOf } from '../../access/require.js';
import { viewToken } from '../../access/views.js';
import type { Binding } from '../../auth/binding.js';
import { hashToken, mintToken } from '../../auth/token.js';
import { CollectorError } from '../../collector-error.js';
import { bindingRequest, isForAi, mintedToken } from '../../schemas/access.js';
import { name } from '../../schemas/text.js';
import type { StoredToken } from '../../storage/contract/directory/tokens.js';
import { defineDirectoryOperation } from '../operation.js';

/** The longest life that a token may be given, ms; without one it ends when it is revoked. */
const MAX_LIFE_MS = 366 * 86_400_000;

export const createToken = defineDirectoryOperation({
  name: 'createToken',
  summary: 'Make a token',
  description:
    'For people and programs, or with `kind: agent` for the processes of services: such a token opens the agents’ door of one ' +
    'environment, and nothing else. Nobody gives more than they have.',
  tag: 'access',
  method: 'POST',
  path: '/tokens',
  permission: 'access:write',
  body: z.strictObject({
    name: name.meta({ description: 'What it is for, as people will know it.' }),
    kind: z.enum(['api', 'agent']).default('api'),
    ...bindingRequest,
    isOwn: z
      .boolean()
      .meta({ description: 'It belongs to the caller, and may never do what the caller may not.' })
      .default(false),
    isForAi,
    expiresInMs: z.int().min(1).max(MAX_LIFE_MS).exactOptional(),
  }),
  output: mintedToken,
  outputDescription: 'The token with its secret, which cannot be shown again.',
  status: 201,
  errors: ['NOT_FOUND'],
  async run({ directory, places: { tree } }, { body }, caller) {
    const place = requirePlace(caller, tree, body.place, 'access:write');
    if (body.kind === 'agent' && !tree.has(place)) {
      throw new CollectorError('INVALID_REQUEST', 'A token for agents belongs to one environment.', {
        path: 'place',
      });
    }
    if (body.kind === 'agent' && body.isForAi) {
      throw new CollectorError('INVALID_REQUEST', 'A token for a process is none for an AI agent.', {
        path: 'isForAi',
      });
    }
    if (body.isOwn && caller.kind !== 'user') {
      throw new CollectorError('INVALID_REQUEST', 'Only people have tokens of their own.', { path: 'isOwn' });
    }
    const rights = body.kind === 'agent' ? ({ role: 'viewer', grants: [] } as const) : rightsOf(body);
    const { services, elevation } = body;
    const binding: Binding = { place, ...rights, services, ...(elevation !== undefined && { elevation }) };
    requireHolds(caller, place, binding);

    const now = Date.now();
    const token: StoredToken = {
      id: `t_${randomUUID()}`,
      kind: body.kind,
      name: body.name,
      ...(body.isOwn && { owner: caller.id }),
      ...(body.isForAi && { isForAi: true }),
      binding,
      createdAt: now,
      ...(body.expiresInMs !== undefined && { expiresAt: now + body.expiresInMs }),
    };
    const secret = mintToken(body.kind);
    await directory.tokens.insert(token, hashToken(secret));
    return { token: viewToken(token, tree), secret };
  },
});
