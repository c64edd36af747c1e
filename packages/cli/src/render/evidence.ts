import type { CaptureComparison, ImportView, KeptView, RetentionView, SearchScope } from '@dormouse/protocol';

import { bytes } from './bytes.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { count } from './text.js';
import { formatDateTime } from './time.js';

/** What one capture has otherwise than another. */
export function renderComparison({ differences, more, same }: CaptureComparison, style: Style): string {
  const { colors } = style;
  const table = renderTable(
    differences,
    [
      {
        header: '',
        cell: ({ kind }) => SIGNS[kind],
        paint: (sign, { kind }) => (kind === 'unknown' ? colors.dim(sign) : colors.bold(sign)),
      },
      { header: 'PATH', cell: ({ path }) => path, cut: 'start' },
      { header: 'FROM', cell: ({ from }) => from?.text ?? '', cut: 'end' },
      { header: 'TO', cell: ({ to }) => to?.text ?? '', cut: 'end' },
      { header: 'WHY', cell: ({ why = '' }) => why, cut: 'end', paint: colors.dim },
    ],
    style,
  );
  const summary = [
    `${count(same, 'value')} the same`,
    ...(differences.length === 0 ? ['no differences'] : []),
    ...(more > 0 ? [`${more} more differences: --limit`] : []),
  ].join(', ');
  return table === '' ? summary : `${table}\n\n${summary}`;
}

const SIGNS = { added: '+', removed: '-', changed: '≠', unknown: '?' } as const;

/** How far a search has looked, in words. */
export function describeScope({ examined, undecided, complete, reached }: SearchScope): string {
  const looked = `${count(examined, 'capture')} looked at`;
  const far = complete || reached === undefined ? '' : `, back or on to ${formatDateTime(reached)}`;
  const unclear =
    undecided === 0
      ? ''
      : `; ${undecided} cannot be told, because their values are redacted or were not captured`;
  return `${looked}${far}${unclear}.`;
}

export function renderImports(imports: readonly ImportView[], style: Style): string {
  return renderTable(
    imports,
    [
      { header: 'ID', cell: ({ id }) => id, paint: style.colors.bold },
      { header: 'IMPORTED', cell: ({ importedAt }) => formatDateTime(importedAt), paint: style.colors.dim },
      { header: 'BY', cell: ({ by }) => by, cut: 'end' },
      { header: 'EXPORTED', cell: ({ exportedAt }) => formatDateTime(exportedAt), paint: style.colors.dim },
      { header: 'CAPTURES', cell: ({ captures }) => String(captures), align: 'right' },
      { header: 'SIZE', cell: ({ bytes: size }) => bytes(size), align: 'right' },
    ],
    style,
  );
}

/** What evidence is kept. */
export function renderRetention({ captures, windows, limits }: RetentionView, style: Style): string {
  const rows: readonly (readonly [string, KeptView, string])[] = [
    ['captures', captures, limitText(limits.captures, limits.bytes, limits.days)],
    ['windows of metrics', windows, limitText(limits.windows, undefined, limits.days)],
  ];
  return renderTable(
    rows,
    [
      { header: 'KEPT', cell: ([name]) => name },
      { header: 'NUMBER', cell: ([, { count: number }]) => String(number), align: 'right' },
      { header: 'SIZE', cell: ([, { bytes: size }]) => bytes(size), align: 'right' },
      { header: 'OLDEST', cell: ([, { oldest }]) => (oldest === undefined ? '' : formatDateTime(oldest)) },
      { header: 'AT MOST', cell: ([, , most]) => most },
    ],
    style,
  );
}

const limitText = (number: number | undefined, size: number | undefined, days: number): string =>
  [
    ...(number === undefined ? [] : [String(number)]),
    ...(size === undefined ? [] : [bytes(size)]),
    count(days, 'day'),
  ].join(', ');
