import type { AuditRecord, AuditVerification } from '@dormouse/protocol';

import type { Style } from './style.js';
import { renderTable, type Column } from './table.js';
import { count, escapeUnsafe } from './text.js';
import { formatDateTime } from './time.js';

const COLUMNS: readonly Column<AuditRecord>[] = [
  { header: 'RECORD', cell: ({ sequence }) => String(sequence), align: 'right' },
  { header: 'AT', cell: ({ at }) => formatDateTime(at) },
  { header: 'WHO', cell: ({ caller }) => caller.name || caller.address || caller.kind, cut: 'end' },
  { header: 'BY', cell: ({ door }) => door },
  { header: 'DID', cell: ({ operation }) => operation },
  { header: 'TO', cell: ({ targets }) => targets.join(' '), cut: 'end' },
  { header: 'OUTCOME', cell: ({ outcome, code }) => (code === undefined ? outcome : `${outcome} ${code}`) },
];

/** Records as a table, newest or oldest first as they come. */
export function renderAudit(records: readonly AuditRecord[], style: Style): string {
  return renderTable(records, COLUMNS, style);
}

/** Whether a trail is intact, and where it is not. */
export function renderVerification(
  { intact, records, head, checkpoint, broken }: AuditVerification,
  { colors }: Style,
): string {
  const verdict = intact ? colors.green('intact') : colors.red('BROKEN');
  const what = intact ? 'as written' : `as written before record ${broken?.sequence}`;
  return [
    `${verdict}  ${count(records, 'record')} ${what}`,
    ...(broken === undefined ? [] : [`  ${escapeUnsafe(broken.fault)}: ${escapeUnsafe(broken.message)}`]),
    ...(checkpoint === undefined
      ? []
      : [
          `  begins behind record ${checkpoint.sequence}, dropped ${formatDateTime(checkpoint.at)}; signed with ${escapeUnsafe(checkpoint.key)}`,
        ]),
    `  head ${head.sequence}:${escapeUnsafe(head.hash)}`,
  ].join('\n');
}
