import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../scripts/lib/paths.ts';

/** Tables that name the tests by which something is shown: those exist. */

const LINK = /\[([^\]]+)\]\(([^)]+\.ts)\)/g;

interface Row {
  /** What is shown. */
  readonly what: string;
  readonly tests: readonly { readonly name: string; readonly file: string }[];
}

/** Rows of tables, but for their heads: those come before a line of dashes. */
function rowsIn(table: string): Row[] {
  const lines = readFileSync(table, 'utf8').split('\n');
  return lines
    .filter((line, index) => /^\| [^|]/.test(line) && !lines[index + 1]?.startsWith('|---'))
    .map((line) => ({
      what: line.slice(2).split(' | ', 1)[0]!,
      tests: [...line.matchAll(LINK)].map(([, name = '', file = '']) => ({
        name,
        file: join(dirname(table), file),
      })),
    }));
}

/** Whether a title, a case's name or a value that a title is made of stands in the file as a text of its own. */
const names = (source: string, name: string): boolean =>
  ["'", '"', '`'].some((quote) => source.includes(quote + name + quote));

describe.each([
  ['docs/failure-modes.md', 34],
  ['docs/promises.md', 60],
  ['docs/console/promises.md', 45],
])('%s', (table, fewest) => {
  const rows = rowsIn(join(ROOT, table));

  it('has all rows, each once', () => {
    expect(rows.length).toBeGreaterThanOrEqual(fewest);
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  });

  it.each(rows)('$what: the tests that show it exist', ({ tests }) => {
    expect(tests).not.toHaveLength(0);
    for (const { name, file } of tests) {
      expect(names(readFileSync(file, 'utf8'), name), `${name}, in ${file}`).toBe(true);
    }
  });
});
