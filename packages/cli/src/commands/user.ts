import { GRANTS, ROLES, type UserView } from '@dormouse/protocol';

import { grantsNamed, rightsNamed, roleNamed } from '../ask/rights.js';
import type { Client } from '../client/client.js';
import { actionNamed, actionPositional } from '../command/action.js';
import { defineCommand, type Invocation, type Options } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderOwnTokens, renderSessions, renderUser, renderUsers } from '../render/user.js';
import { count, escapeUnsafe } from '../render/text.js';
import { formatDuration } from '../render/time.js';

const OPTIONS = {
  role: { type: 'string', value: 'ROLE', values: ROLES, summary: 'invite: what they may do, default viewer' },
  in: {
    type: 'string',
    value: 'PLACE',
    summary: 'invite, forbid: where, such as acme/shop/staging; * for everywhere; invite: default default',
  },
  grant: {
    type: 'string',
    value: 'GRANT',
    values: [...GRANTS, 'none'],
    multiple: true,
    summary: 'invite: what else, default what the role comes with',
  },
  service: {
    type: 'string',
    value: 'PATTERN',
    values: 'services',
    multiple: true,
    summary: 'invite: in these services only',
  },
  elevation: {
    type: 'string',
    value: 'RIGHTS',
    summary: 'invite: what they may ask for for a time, such as admin+values',
  },
  name: { type: 'string', value: 'NAME', summary: 'invite, change: what they are called' },
  email: { type: 'string', value: 'ADDRESS', summary: 'change: their address from now on' },
} as const satisfies Options;

type Asked = Pick<Invocation<typeof OPTIONS>, 'client' | 'values' | 'answer' | 'note'> & {
  readonly who: string | undefined;
};

/** What the first argument asks for. */
const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
  async list({ client, answer, note }) {
    const users = await client.users();
    answer({ users }, (style) => renderUsers(users, style));
    if (users.length === 0) note('Nobody was invited yet.');
  },

  async invite({
    client,
    who,
    values: { role = 'viewer', in: place = 'default', grant, service, elevation, name },
    answer,
    note,
  }) {
    const grants = grantsNamed(grant);
    const invitation = await client.inviteUser({
      email: required(who),
      place,
      role: roleNamed(role),
      ...(name !== undefined && { name }),
      ...(grants !== undefined && { grants }),
      ...(service !== undefined && { services: service }),
      ...(elevation !== undefined && { elevation: rightsNamed(elevation) }),
    });
    const { user, link } = invitation;
    answer(invitation, (style) =>
      [renderUser(user, style), ...(link?.url === undefined ? [] : [escapeUnsafe(link.url)])].join('\n\n'),
    );
    note(link === undefined ? 'They were known already, and may do this as well.' : handOver(link.endsAt));
  },

  async show({ client, who, answer }) {
    const user = await find(client, required(who));
    answer(user, (style) => renderUser(user, style));
  },

  async change({ client, who, values: { name, email }, answer }) {
    if (name === undefined && email === undefined) throw new UsageError('Say what: --name or --email.');
    const { id } = await find(client, required(who));
    const user = await client.changeUser(id, {
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
    });
    answer(user, (style) => renderUser(user, style));
  },

  async forbid({ client, who, values: { in: place }, answer }) {
    if (place === undefined) throw new UsageError('Say where: --in acme/shop.');
    const { memberships } = await find(client, required(who));
    const there = memberships.filter((membership) => membership.place === place);
    if (there.length === 0)
      throw new UsageError(`Nothing that they may do is bound to ${escapeUnsafe(place)} itself.`);
    for (const { id } of there) await client.deleteBinding(id);
    answer({ deleted: there }, () => `What they could do in ${escapeUnsafe(place)} is taken from them.`);
  },

  deactivate: (asked) => activate(asked, false),
  activate: (asked) => activate(asked, true),

  async password({ client, who, answer, note }) {
    const { id } = await find(client, required(who));
    const link = await client.passwordLink(id);
    answer(link, () => escapeUnsafe(link.url));
    note(handOver(link.endsAt));
  },

  async sessions({ client, answer, note }) {
    const sessions = await client.sessions();
    answer({ sessions }, (style) => renderSessions(sessions, style));
    note(`You are signed in with ${count(sessions.length, 'browser')}.`);
  },

  async tokens({ client, answer, note }) {
    const tokens = await client.ownTokens();
    answer({ tokens }, (style) => renderOwnTokens(tokens, style));
    if (tokens.length === 0) note('You have no tokens; "dormouse login --email" makes one.');
  },

  async 'revoke-token'({ client, who, answer }) {
    const token = await client.revokeOwnToken(required(who));
    answer(token, () => `Revoked: ${escapeUnsafe(token.name)}.`);
  },

  async 'end-session'({ client, who, answer }) {
    const ended = await client.endSession(required(who));
    answer(ended, () => 'Signed out there.');
  },
};

export const command = defineCommand({
  positionals: [
    actionPositional(ACTIONS, 'list'),
    { name: 'WHO', summary: "somebody's address or id; of a session or token its id", optional: true },
  ],
  options: OPTIONS,
  notes: `Examples
  dormouse user invite ann@example.com --role debugger --in acme/shop
  dormouse user invite bob@example.com --in acme/shop/production --service 'trades*'
  dormouse user
  dormouse user forbid ann@example.com --in acme/shop
  dormouse user password ann@example.com            # she has forgotten it
  dormouse user deactivate ann@example.com          # out at once, with her tokens
  dormouse user sessions                            # your own; so are tokens

Nothing is sent to anybody: links are printed here, work once, and are handed over by you.`,
  async run({ client, values, positionals: [action = 'list', who], answer, note }) {
    return actionNamed(ACTIONS, action)({ client, values, who, answer, note });
  },
});

async function activate({ client, who, answer }: Asked, active: boolean): Promise<void> {
  const { id } = await find(client, required(who));
  const user = await client.changeUser(id, { active });
  answer(user, (style) => renderUser(user, style));
}

/** By id, or by address. */
async function find(client: Client, who: string): Promise<UserView> {
  if (!who.includes('@')) return client.user(who);
  const email = who.toLowerCase();
  const user = (await client.users()).find((one) => one.email === email);
  if (user !== undefined) return user;
  throw new UsageError(`You see no user ${escapeUnsafe(who)}.`);
}

function required(who: string | undefined): string {
  if (who === undefined) throw new UsageError("WHO is missing: somebody's address or id.");
  return who;
}

const handOver = (endsAt: number): string =>
  `Hand the link over: it works once, within ${formatDuration(endsAt - Date.now())}.`;
