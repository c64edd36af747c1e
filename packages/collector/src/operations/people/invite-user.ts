import { randomUUID } from 'node:crypto';
import { requireHolds, requirePlace, rightsOf } from '../../access/require.js';
import { viewLink, viewUser } from '../../auth/users/view.js';
import { invitationRequest, invitationView } from '../../schemas/user.js';
import { defineDirectoryOperation } from '../operation.js';
import { setPasswordPath } from './reset-password.js';

export const inviteUser = defineDirectoryOperation({
  name: 'inviteUser',
  summary: 'Invite somebody',
  description:
    'Makes a person known who may do something in a place; one who is known already may do this as well from now on. Nothing is ' +
    'sent: the link with which a new user sets a password is handed over by whoever asked for it. It takes all the rights ' +
    'that are given.',
  tag: 'access',
  method: 'POST',
  path: '/users',
  permission: 'access:write',
  body: invitationRequest,
  output: invitationView,
  outputDescription: 'The user, and the link of a new one.',
  status: 201,
  errors: ['NOT_FOUND'],
  async run({ directory, places: { tree }, people: { users, publicUrl } }, { body }, caller) {
    const { email, name = email, services, elevation } = body;
    const place = requirePlace(caller, tree, body.place, 'access:write');
    const rights = rightsOf(body);
    requireHolds(caller, place, { ...rights, elevation });
    const known = await users.withEmail(email);
    const user = known ?? (await users.create(email, name));
    await directory.bindings.save({
      id: `b_${randomUUID()}`,
      user: user.id,
      createdAt: Date.now(),
      place,
      services,
      ...rights,
      ...(elevation !== undefined && { elevation }),
    });
    const view = viewUser(user, await directory.bindings.of(user.id), tree, caller);
    if (known !== undefined) return { user: view };
    const { code, endsAt } = await users.invite(user.id);
    return { user: view, link: viewLink(setPasswordPath(code), endsAt, publicUrl) };
  },
});
