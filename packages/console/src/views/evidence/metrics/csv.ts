import type { Chart } from './curves.js';

/**
 * Charts as a table: a row for each second, a column for each curve. Names begin with our own words, so that no
 * spreadsheet takes one for a formula.
 * @param seconds since 1970
 */
export function csvOf(seconds: readonly number[], charts: readonly Chart[]): string {
  const curves = charts.flatMap(({ title, curves: of }) =>
    of.map(({ name, values }) => ({ name: `${title}: ${name}`, values })),
  );
  const rows = seconds.map((second, index) => [
    new Date(second * 1_000).toISOString(),
    ...curves.map(({ values }) => String(values[index] ?? '')),
  ]);
  return [['time', ...curves.map(({ name }) => name)].map(textCell), ...rows]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');
}

const textCell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
