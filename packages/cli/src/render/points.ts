import type { PointView } from '@dormouse/protocol';

import type { Style } from './style.js';
import { renderTable } from './table.js';

/** The points of a file or a line, with the variables that can be read there. */
export function renderPoints(points: readonly PointView[], style: Style): string {
  const { colors } = style;
  return renderTable(
    points,
    [
      { header: 'LINE', cell: ({ line }) => String(line), align: 'right', paint: colors.bold },
      { header: 'COLUMN', cell: ({ column }) => String(column), align: 'right' },
      { header: 'FUNCTION', cell: (point) => point.function, cut: 'end', paint: colors.cyan },
      { header: 'VARIABLES', cell: ({ variables }) => variables.join(', '), cut: 'end' },
    ],
    style,
  );
}
