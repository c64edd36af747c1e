import type { GroupView } from '@dormouse/protocol';

import type { Style } from './style.js';
import { renderTable } from './table.js';
import { formatDuration } from './time.js';
import { CAUSE_WORDS, inWords } from './words.js';

/** One line for each group. `now`: ms since 1970. */
export function renderGroups(groups: readonly GroupView[], style: Style, now = Date.now()): string {
  const { colors } = style;
  return renderTable(
    groups,
    [
      { header: 'ID', cell: ({ id }) => id, paint: colors.bold },
      { header: 'NAME', cell: ({ name }) => name, cut: 'end' },
      { header: 'PROBES', cell: ({ active, probes }) => `${active}/${probes.length}`, align: 'right' },
      { header: 'HITS', cell: ({ hits }) => String(hits), align: 'right' },
      {
        header: 'STATE',
        cell: (group) => stateOf(group, now),
        paint: (text, { state }) => (state === 'active' ? colors.green(text) : colors.dim(text)),
      },
    ],
    style,
  );
}

const stateOf = ({ state, endCause = 'expired', expiresAt }: GroupView, now: number): string =>
  state === 'active'
    ? `active, ${formatDuration(expiresAt - now)} left`
    : `ended: ${inWords(CAUSE_WORDS, endCause)}`;
