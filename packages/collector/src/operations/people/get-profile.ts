import { viewRights } from '../../access/views.js';
import { environmentsOf } from '../../environments/choose.js';
import { profileView } from '../../schemas/user.js';
import { defineDirectoryOperation } from '../operation.js';

export const getProfile = defineDirectoryOperation({
  name: 'getProfile',
  summary: 'Show who asks',
  description: 'The user or the token, and what they may do.',
  tag: 'access',
  method: 'GET',
  path: '/profile',
  permission: 'profile:read',
  output: profileView,
  outputDescription: 'Whoever asked.',
  errors: [],
  async run({ directory, places: { tree } }, _input, caller) {
    const { kind, id, name, bindings, owner, session } = caller;
    const user = kind === 'user' ? await directory.users.find(id) : undefined;
    return {
      kind,
      id,
      name,
      ...(user !== undefined && { email: user.email }),
      memberships: (owner?.bindings ?? bindings).map((binding) => viewRights(binding, tree)),
      environments: environmentsOf(caller, tree).map(({ path }) => path),
      ...(session !== undefined && { session }),
    };
  },
});
