import type { FunctionView } from '@dormouse/protocol';

import type { Style } from './style.js';
import { renderTable } from './table.js';

/** Functions with where they are, and the variables that can be read in them. */
export function renderFunctions(functions: readonly FunctionView[], style: Style): string {
  const { colors } = style;
  return renderTable(
    functions,
    [
      { header: 'FUNCTION', cell: (found) => found.function, cut: 'end', paint: colors.cyan },
      { header: 'FILE', cell: ({ file }) => file, cut: 'start', paint: colors.bold },
      { header: 'LINES', cell: ({ line, endLine }) => `${line}-${endLine}`, align: 'right' },
      { header: 'VARIABLES', cell: ({ variables }) => variables.join(', '), cut: 'end' },
    ],
    style,
  );
}
