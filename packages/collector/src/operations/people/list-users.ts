import { z } from 'zod';
import { seesUser } from '../../auth/users/manage.js';
import { viewUser } from '../../auth/users/view.js';
import { userView } from '../../schemas/user.js';
import { defineDirectoryOperation } from '../operation.js';

export const listUsers = defineDirectoryOperation({
  name: 'listUsers',
  summary: 'List users',
  description: 'Everybody who may do something where the caller may see access.',
  tag: 'access',
  method: 'GET',
  path: '/users',
  permission: 'access:read',
  output: z.object({ users: z.array(userView) }),
  outputDescription: 'The users, by address.',
  errors: [],
  async run({ directory, places: { tree }, people: { users } }, _input, caller) {
    const bindings = await directory.bindings.list();
    const all = (await users.list()).map((user) => ({
      user,
      bound: bindings.filter((binding) => binding.user === user.id),
    }));
    const seen = all.filter(({ bound }) => seesUser(caller, bound));
    return { users: seen.map(({ user, bound }) => viewUser(user, bound, tree, caller)) };
  },
});
