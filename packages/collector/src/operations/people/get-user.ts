import { z } from 'zod';
import { requireSight } from '../../auth/users/manage.js';
import { viewUser } from '../../auth/users/view.js';
import { name } from '../../schemas/text.js';
import { userView } from '../../schemas/user.js';
import { defineDirectoryOperation } from '../operation.js';

export const getUser = defineDirectoryOperation({
  name: 'getUser',
  summary: 'Show a user',
  description: 'Who it is, how they sign in, and what they may do where the caller may see access.',
  tag: 'access',
  method: 'GET',
  path: '/users/:id',
  permission: 'access:read',
  params: z.strictObject({ id: name }),
  output: userView,
  outputDescription: 'The user.',
  errors: ['NOT_FOUND'],
  async run({ directory, places, people: { users } }, { params: { id } }, caller) {
    const user = await users.require(id);
    const bindings = await directory.bindings.of(id);
    requireSight(caller, user, bindings);
    return viewUser(user, bindings, places.tree, caller);
  },
});
