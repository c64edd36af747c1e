import type { Colors, Style } from './style.js';
import { displayWidth, pad, wrap } from './text.js';
import type { Tone, ValueRow } from './value-row.js';

const INDENT = '  ';

/** Names and types wider than this do not push their neighbours' values further to the right. */
const WIDEST_COLUMN = 28;

/** Values narrower than this are not wrapped further. */
const NARROWEST_VALUE = 20;

const TONES: Readonly<Record<Tone, (colors: Colors) => (text: string) => string>> = {
  string: (colors) => colors.green,
  number: (colors) => colors.yellow,
  keyword: (colors) => colors.magenta,
  quiet: (colors) => colors.dim,
  missing: (colors) => colors.yellow,
  secret: (colors) => colors.red,
};

/**
 * Lines for a tree of values. Siblings are aligned: name, type, value; children follow, indented.
 *
 *     order      Order
 *       id         string  "ord_1"
 *     amount     number  12500
 */
export function renderValues(rows: readonly ValueRow[], style: Style, indent: string): string[] {
  const nameWidth = columnWidth(rows.map(({ name }) => name));
  const typeWidth = columnWidth(rows.map(({ type }) => type));
  return rows.flatMap((row) => [
    ...renderRow(row, nameWidth, typeWidth, style, indent),
    ...renderValues(row.children, style, indent + INDENT),
  ]);
}

function renderRow(
  { name, type, text, tone, missing }: ValueRow,
  nameWidth: number,
  typeWidth: number,
  { colors, width }: Style,
  indent: string,
): string[] {
  const head = [nameWidth > 0 && pad(name, nameWidth), typeWidth > 0 && pad(colors.cyan(type), typeWidth)];
  const start =
    indent +
    head
      .filter((part) => part !== false)
      .map((part) => part + INDENT)
      .join('');
  const offset = displayWidth(start);
  const pieces = wrap(text, Math.max(NARROWEST_VALUE, width - offset));
  const paint = TONES[tone](colors);
  const lines = pieces.map((piece, index) => `${index === 0 ? start : ' '.repeat(offset)}${paint(piece)}`);
  if (missing !== undefined) lines.push(`${lines.pop() ?? ''} ${colors.yellow(missing)}`);
  return lines.map((line) => line.trimEnd());
}

function columnWidth(texts: readonly string[]): number {
  return Math.min(WIDEST_COLUMN, Math.max(0, ...texts.map(displayWidth)));
}
