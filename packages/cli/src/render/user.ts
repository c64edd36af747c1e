import type {
  BindingRights,
  ProfileView,
  RightsView,
  SessionView,
  TokenView,
  UserView,
} from '@dormouse/protocol';

import { placeWords } from './place.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { escapeUnsafe } from './text.js';
import { formatDateTime } from './time.js';

/** One line for each user. */
export function renderUsers(users: readonly UserView[], style: Style): string {
  return renderTable(
    users,
    [
      { header: 'EMAIL', cell: ({ email }) => email, paint: style.colors.bold },
      { header: 'NAME', cell: ({ name }) => name, cut: 'end' },
      { header: 'MAY', cell: ({ memberships }) => memberships.map(shortly).join(', '), cut: 'end' },
      { header: 'SIGNS IN', cell: waysOf },
      {
        header: 'LAST',
        cell: ({ signedInAt }) => (signedInAt === undefined ? '' : formatDateTime(signedInAt)),
      },
      { header: 'ID', cell: ({ id }) => id, paint: style.colors.dim },
    ],
    style,
  );
}

/** `debugger@acme/shop` */
const shortly = ({ role, place }: BindingRights): string => `${role}@${place}`;

function waysOf({ deactivatedAt, hasPassword, provider }: UserView): string {
  if (deactivatedAt !== undefined) return 'deactivated';
  const ways = [...(hasPassword ? ['password'] : []), ...(provider === undefined ? [] : [provider])];
  return ways.length === 0 ? 'not yet' : ways.join(', ');
}

export function renderUser(user: UserView, style: Style): string {
  return [renderUsers([user], style), renderMemberships(user.memberships, style)].join('\n\n').trimEnd();
}

/** Who asks, and what they may do. */
export function renderProfile({ kind, id, name, email, memberships }: ProfileView, style: Style): string {
  const who = `${style.colors.bold(escapeUnsafe(name))}  ${style.colors.dim(escapeUnsafe([kind, email ?? id].join(' ')))}`;
  return [who, renderMemberships(memberships, style)].join('\n\n').trimEnd();
}

function renderMemberships(memberships: readonly BindingRights[], style: Style): string {
  return renderTable(
    memberships,
    [
      { header: 'WHERE', cell: ({ place }) => placeWords(place), paint: style.colors.bold },
      { header: 'ROLE', cell: ({ role }) => role },
      { header: 'GRANTS', cell: ({ grants }) => grants.join(', ') || 'none' },
      { header: 'SERVICES', cell: ({ services }) => services.join(', ') || 'all', cut: 'end' },
      { header: 'FOR A TIME', cell: ({ elevation }) => (elevation === undefined ? '' : rightsOf(elevation)) },
    ],
    style,
  );
}

const rightsOf = ({ role, grants }: RightsView): string => [role, ...grants].join(' + ');

/** One line for each session. */
export function renderSessions(sessions: readonly SessionView[], style: Style): string {
  return renderTable(
    sessions,
    [
      { header: 'ID', cell: ({ id }) => id, paint: style.colors.bold },
      { header: 'BY', cell: ({ by }) => by },
      { header: 'USED', cell: ({ usedAt }) => formatDateTime(usedAt) },
      { header: 'ENDS', cell: ({ endsAt }) => formatDateTime(endsAt) },
      { header: 'FROM', cell: ({ address }) => address },
      { header: 'BROWSER', cell: ({ browser }) => browser, cut: 'end' },
    ],
    style,
  );
}

/** One line for each token. */
export function renderOwnTokens(tokens: readonly TokenView[], style: Style): string {
  return renderTable(
    tokens,
    [
      { header: 'ID', cell: ({ id }) => id, paint: style.colors.bold },
      { header: 'NAME', cell: ({ name }) => name, cut: 'end' },
      { header: 'USED', cell: ({ usedAt }) => (usedAt === undefined ? 'never' : formatDateTime(usedAt)) },
      { header: 'ENDS', cell: ({ expiresAt }) => (expiresAt === undefined ? '' : formatDateTime(expiresAt)) },
    ],
    style,
  );
}
