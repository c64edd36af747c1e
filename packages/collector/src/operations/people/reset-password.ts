import { z } from 'zod';
import { requireRule } from '../../auth/users/manage.js';
import { viewLink } from '../../auth/users/view.js';
import { name } from '../../schemas/text.js';
import { linkView } from '../../schemas/user.js';
import { defineDirectoryOperation } from '../operation.js';

/** Where the console lets somebody set a password. The code stands where it is not sent to any server by being looked at. */
export const setPasswordPath = (code: string): string => `/#set-password=${code}`;

export const resetPassword = defineDirectoryOperation({
  name: 'resetPassword',
  summary: 'Let a user set another password',
  description:
    'For who has forgotten it: gives a link that works once, for a day, to be handed over. The present password goes on until ' +
    'then. It takes all the rights that the user has.',
  tag: 'access',
  method: 'PUT',
  path: '/users/:id/password-link',
  permission: 'access:write',
  params: z.strictObject({ id: name }),
  body: z.strictObject({}),
  output: linkView,
  outputDescription: 'The link.',
  errors: ['NOT_FOUND', 'CONFLICT'],
  async run({ directory, people: { users, publicUrl } }, { params: { id } }, caller) {
    const user = await users.require(id);
    requireRule(caller, user, await directory.bindings.of(id));
    const { code, endsAt } = await users.invite(id);
    return viewLink(setPasswordPath(code), endsAt, publicUrl);
  },
});
