import { randomUUID } from 'node:crypto';
import { DEFAULT_GRANTS } from '../auth/permissions.js';
import { rulesOver } from '../auth/users/manage.js';
import { viewLink, viewUser } from '../auth/users/view.js';
import { CollectorError } from '../collector-error.js';
import { EVERYWHERE_PATH } from '../places/place-tree.js';
import { invitationRequest, invitationView } from '../schemas/user.js';
import { EVERYWHERE } from '../storage/contract/directory/places.js';
import { defineDirectoryOperation } from './operation.js';
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
    const { email, name = email, role, grants = DEFAULT_GRANTS[role], services = [] } = body;
    const place = body.place === EVERYWHERE_PATH ? EVERYWHERE : tree.at(body.place)?.id;
    const isVisible = place !== undefined && caller.mayIn(place, 'access:read');
    if (!isVisible) throw new CollectorError('NOT_FOUND', `You see no ${body.place}.`, { path: 'place' });
    const binding = { place, role, grants, services };
    if (!rulesOver(caller, [binding])) {
      throw new CollectorError(
        'FORBIDDEN',
        `${caller.name} may not give rights that ${caller.name} has not.`,
      );
    }
    const known = await users.withEmail(email);
    const user = known ?? (await users.create(email, name));
    await directory.bindings.save({
      id: `b_${randomUUID()}`,
      user: user.id,
      createdAt: Date.now(),
      ...binding,
    });
    const view = viewUser(user, await directory.bindings.of(user.id), tree, caller);
    if (known !== undefined) return { user: view };
    const { code, endsAt } = await users.invite(user.id);
    return { user: view, link: viewLink(setPasswordPath(code), endsAt, publicUrl) };
  },
});
