import type { TokenView } from '@dormouse/protocol';

import { placeWords } from './place.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { escapeUnsafe } from './text.js';
import { formatDateTime } from './time.js';

/** One line for each token. */
export function renderTokens(tokens: readonly TokenView[], style: Style): string {
  return renderTable(
    tokens,
    [
      { header: 'NAME', cell: ({ name }) => name, cut: 'end', paint: style.colors.bold },
      { header: 'WHERE', cell: ({ place }) => placeWords(place) },
      { header: 'MAY', cell: rightsOf, cut: 'end' },
      { header: 'SERVICES', cell: ({ services }) => services.join(', ') || 'all', cut: 'end' },
      { header: 'USED', cell: ({ usedAt }) => (usedAt === undefined ? 'never' : formatDateTime(usedAt)) },
      { header: 'ENDS', cell: ({ expiresAt }) => (expiresAt === undefined ? '' : formatDateTime(expiresAt)) },
      { header: 'ID', cell: ({ id }) => id, paint: style.colors.dim },
    ],
    style,
  );
}

/** What became of a token, in a line. */
export function renderToken(what: string, { name, id }: TokenView, style: Style): string {
  return `${what} ${style.colors.bold(escapeUnsafe(name))} ${style.colors.dim(escapeUnsafe(id))}.`;
}

const rightsOf = ({ kind, role, grants, isForAi }: TokenView): string =>
  kind === 'agent' ? 'connect services' : [role, ...grants].join(' + ') + (isForAi ? ', by AI' : '');
