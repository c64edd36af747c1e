import type { Style } from './style.js';
import { displayWidth, escapeUnsafe, pad, padStart, shorten } from './text.js';

export interface Column<Row> {
  readonly header: string;
  /** The cell's text as it is; made safe, cut to size and coloured here. */
  readonly cell: (row: Row) => string;
  readonly align?: 'right';
  /** Which part of the text is cut where the terminal is too narrow; default: none. */
  readonly cut?: 'start' | 'end';
  readonly paint?: (text: string, row: Row) => string;
}

const GAP = '  ';

/** Columns narrower than this are no longer cut. */
const NARROWEST = 12;

/** An aligned table, empty without rows, that fits the style's width, as long as the columns that are never cut do. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  style: Style,
): string {
  if (rows.length === 0) return '';
  const texts = rows.map((row) => columns.map(({ cell }) => escapeUnsafe(cell(row))));
  const natural = columns.map(({ header }, index) =>
    Math.max(displayWidth(header), ...texts.map((cells) => displayWidth(cells[index] ?? ''))),
  );
  const widths = fit(natural, columns, style.width);

  const renderLine = (
    cells: readonly string[],
    paint: (text: string, column: Column<Row>) => string,
  ): string =>
    columns
      .map((column, index) => {
        const width = widths[index] ?? 0;
        const text = shorten(cells[index] ?? '', width, column.cut);
        const painted = text === '' ? '' : paint(text, column);
        return column.align === 'right' ? padStart(painted, width) : pad(painted, width);
      })
      .join(GAP)
      .trimEnd();

  const headers = columns.map(({ header }) => header);
  return [
    renderLine(headers, (text) => style.colors.dim(text)),
    ...rows.map((row, index) =>
      renderLine(texts[index] ?? [], (text, column) => column.paint?.(text, row) ?? text),
    ),
  ].join('\n');
}

/** Takes what is too much from the widest column that may be cut, again and again. */
function fit<Row>(natural: readonly number[], columns: readonly Column<Row>[], available: number): number[] {
  const widths = [...natural];
  const total = (): number => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
  while (total() > available) {
    const widest = columns.reduce((best, { cut }, index) => {
      const width = widths[index] ?? 0;
      return cut !== undefined && width > (widths[best] ?? NARROWEST) ? index : best;
    }, -1);
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
