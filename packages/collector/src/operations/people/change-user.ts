import { z } from 'zod';
import { requireRule } from '../../auth/users/manage.js';
import { viewUser } from '../../auth/users/view.js';
import { CollectorError } from '../../collector-error.js';
import { name } from '../../schemas/text.js';
import { email, personName, userView } from '../../schemas/user.js';
import { defineDirectoryOperation } from '../operation.js';

const body = z
  .strictObject({
    name: personName.exactOptional(),
    email: email.exactOptional(),
    active: z
      .boolean()
      .meta({
        description: 'Whether the user can sign in; without, all sessions and own tokens end at once.',
      })
      .exactOptional(),
  })
  .meta({ id: 'UserChange' });

export const changeUser = defineDirectoryOperation({
  name: 'changeUser',
  summary: 'Change or deactivate a user',
  description:
    'Only what is named changes. Users are deactivated and not deleted, because the audit trail names them. It takes all the ' +
    'rights that the user has.',
  tag: 'access',
  method: 'PUT',
  path: '/users/:id',
  permission: 'access:write',
  params: z.strictObject({ id: name }),
  body,
  output: userView,
  outputDescription: 'The user as they are now.',
  errors: ['NOT_FOUND', 'CONFLICT'],
  async run({ directory, places: { tree }, people: { users } }, { params: { id }, body: change }, caller) {
    const { active, ...rest } = change;
    const bindings = await directory.bindings.of(id);
    requireRule(caller, await users.require(id), bindings);
    if (active === false && id === caller.id) {
      throw new CollectorError('INVALID_REQUEST', 'active: nobody deactivates themselves.', {
        path: 'active',
      });
    }
    if (Object.keys(rest).length > 0) await users.change(id, rest);
    if (active === false) await users.deactivate(id);
    if (active === true) await users.reactivate(id);
    return viewUser(await users.require(id), bindings, tree, caller);
  },
});
