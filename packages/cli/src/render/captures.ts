import type { CaptureView } from '@dormouse/protocol';

import { formatLocation } from './capture.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { formatDateTime } from './time.js';
import { valueRow } from './value-row.js';

/** One line for each capture. */
export function renderCaptures(captures: readonly CaptureView[], style: Style): string {
  const { colors } = style;
  return renderTable(
    captures,
    [
      { header: 'ID', cell: ({ id }) => id, paint: colors.bold },
      { header: 'TIME', cell: ({ at }) => formatDateTime(at), paint: colors.dim },
      { header: 'PROBE', cell: ({ probe }) => probe },
      { header: 'SERVICE', cell: ({ service }) => service },
      { header: 'LOCATION', cell: ({ location }) => formatLocation(location), flexible: true },
      { header: 'EVIDENCE', cell: gist, flexible: true },
    ],
    style,
  );
}

/** A log's text; of a snapshot its watches, or else its variables. */
function gist({ message, watches = [], locals = [] }: CaptureView): string {
  if (message !== undefined) return message;
  const shown = watches.length > 0 ? watches.map(({ source, value }) => [source, value] as const) : [];
  const named = shown.length > 0 ? shown : locals.map(({ key, value }) => [key, value] as const);
  return named
    .map(([name, value]) => {
      const row = value && valueRow(name, value);
      return `${name}: ${row ? row.text || row.type : '?'}`;
    })
    .join(', ');
}
