import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requireHolds, requirePlace, rightsOf } from '../../access/require.js';
import { viewBinding } from '../../access/views.js';
import { CollectorError } from '../../collector-error.js';
import { bindingRequest, bindingView } from '../../schemas/access.js';
import { name } from '../../schemas/text.js';
import type { StoredBinding } from '../../storage/contract/directory/bindings.js';
import { defineDirectoryOperation } from '../operation.js';

export const createBinding = defineDirectoryOperation({
  name: 'createBinding',
  summary: 'Let a user do something somewhere',
  description: 'What bindings allow adds up. Nobody gives more than they have.',
  tag: 'access',
  method: 'POST',
  path: '/bindings',
  permission: 'access:write',
  body: z.strictObject({ user: name, ...bindingRequest }),
  output: bindingView,
  outputDescription: 'The new binding.',
  status: 201,
  errors: ['NOT_FOUND'],
  async run({ directory, places: { tree } }, { body }, caller) {
    const place = requirePlace(caller, tree, body.place, 'access:write');
    if ((await directory.users.find(body.user)) === undefined) {
      throw new CollectorError('NOT_FOUND', `There is no user ${body.user}.`, { path: 'user' });
    }
    const { user, services, elevation } = body;
    const rights = rightsOf(body);
    requireHolds(caller, place, { ...rights, elevation });
    const binding: StoredBinding = {
      id: `b_${randomUUID()}`,
      user,
      place,
      ...rights,
      services,
      ...(elevation !== undefined && { elevation }),
      createdAt: Date.now(),
    };
    await directory.bindings.save(binding);
    return viewBinding(binding, tree);
  },
});
