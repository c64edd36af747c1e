import { GRANTS, ROLES, type ElevationView } from '@dormouse/protocol';

import { parseDuration } from '../ask/quantity.js';
import { grantsNamed, roleNamed } from '../ask/rights.js';
import { findConnection } from '../client/connection.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import type { Style } from '../render/style.js';
import { renderTable } from '../render/table.js';
import { formatDateTime } from '../render/time.js';

export const command = defineCommand({
  positionals: [
    {
      name: 'ROLE',
      values: [...ROLES, 'list', 'end'],
      summary: 'what to be for a time; or list, default, or end',
      optional: true,
    },
    { name: 'ID', summary: 'end: which', optional: true },
  ],
  options: {
    grant: {
      type: 'string',
      value: 'GRANT',
      values: [...GRANTS, 'none'],
      multiple: true,
      summary: 'What else, default what the role comes with',
    },
    reason: { type: 'string', value: 'TEXT', summary: 'Why, for those who look at it later' },
    for: { type: 'string', value: 'TIME', summary: 'How long, at most 8h; default 1h' },
  },
  notes: `Examples
  dormouse elevate debugger --reason 'incident 4711' --environment acme/shop/production
  dormouse elevate admin --grant values --for 20m --reason 'kill switch, incident 4711'
  dormouse elevate                                  # who is elevated now
  dormouse elevate end e_5f0c

It takes a binding that allows it, ends by itself, and is in the audit trail. Who may do what cannot be changed with it.`,
  async run({ client, values, positionals: [role = 'list', id], answer }) {
    if (role === 'list') {
      const elevations = await client.elevations();
      return answer({ elevations }, (style) => renderElevations(elevations, style));
    }
    if (role === 'end') {
      if (id === undefined) throw new UsageError('ID is missing: which elevation to end.');
      const ended = await client.endElevation(id);
      return answer(ended, () => 'Ended.');
    }
    if (values.reason === undefined) throw new UsageError('Say why: --reason TEXT.');
    const { environment } = findConnection(values);
    const grants = grantsNamed(values.grant);
    const elevation = await client.elevate({
      role: roleNamed(role),
      reason: values.reason,
      ...(environment !== undefined && { environment }),
      ...(grants !== undefined && { grants }),
      ...(values.for !== undefined && { durationMs: parseDuration('for', values.for) }),
    });
    answer(elevation, (style) => renderElevations([elevation], style));
  },
});

const renderElevations = (elevations: readonly ElevationView[], style: Style): string =>
  renderTable(
    elevations,
    [
      { header: 'WHO', cell: ({ subject }) => `${subject.kind} ${subject.id}`, paint: style.colors.bold },
      { header: 'WHERE', cell: ({ environment }) => environment },
      { header: 'IS', cell: ({ role, grants }) => [role, ...grants].join(' + ') },
      { header: 'UNTIL', cell: ({ endsAt }) => formatDateTime(endsAt) },
      { header: 'WHY', cell: ({ reason }) => reason, cut: 'end' },
      { header: 'ID', cell: ({ id }) => id, paint: style.colors.dim },
    ],
    style,
  );
