import { z } from 'zod';
import { selvesOf } from '../../auth/identity.js';
import { CollectorError } from '../../collector-error.js';
import { name } from '../../schemas/text.js';
import { defineDirectoryOperation } from '../operation.js';

export const endSession = defineDirectoryOperation({
  name: 'endSession',
  summary: 'End one of one’s own sessions',
  description: 'Signs a browser out, at once.',
  tag: 'access',
  method: 'DELETE',
  path: '/sessions/:id',
  permission: 'profile:write',
  params: z.strictObject({ id: name }),
  output: z.object({ id: name }),
  outputDescription: 'It has ended.',
  errors: ['NOT_FOUND'],
  async run({ people }, { params: { id } }, caller) {
    for (const self of selvesOf(caller)) if (await people.sessions.end(self, id)) return { id };
    throw new CollectorError('NOT_FOUND', `You have no session ${id}.`);
  },
});
