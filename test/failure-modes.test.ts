import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../scripts/lib/paths.ts';

/** The table of what went wrong elsewhere names the tests that show it does not here. */

const TABLE = join(ROOT, 'docs/failure-modes.md');
const LINK = /\[([^\]]+)\]\(([^)]+\.ts)\)/g;

interface Row {
  readonly failure: string;
  readonly tests: readonly { readonly name: string; readonly file: string }[];
}

const rows: readonly Row[] = readFileSync(TABLE, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| failure |'))
  .map((line) => {
    const cells = line.split(' | ');
    const tests = [...(cells.at(-1) ?? '').matchAll(LINK)].map(([, name = '', file = '']) => ({
      name,
      file: join(dirname(TABLE), file),
    }));
    return { failure: (cells[0] ?? '').slice(2), tests };
  });

/** Whether a title, a case's name or a value that a title is made of stands in the file as a text of its own. */
const names = (source: string, name: string): boolean =>
  ["'", '"', '`'].some((quote) => source.includes(quote + name + quote));

describe('failure modes', () => {
  it('are all there, each once', () => {
    const failures = rows.map(({ failure }) => failure);
    expect(failures.length).toBeGreaterThanOrEqual(34);
    expect(new Set(failures).size).toBe(failures.length);
  });

  it.each(rows)('$failure: the tests that show it exist', ({ tests }) => {
    expect(tests).not.toHaveLength(0);
    for (const { name, file } of tests) {
      expect(names(readFileSync(file, 'utf8'), name), `${name}, in ${file}`).toBe(true);
    }
  });
});
