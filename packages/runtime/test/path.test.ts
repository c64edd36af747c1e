import { describe, expect, it } from 'vitest';
import { armScript } from './support/armed.ts';
import { linesOf, pathOf, type PathOptions } from './support/paths.ts';

/** A script whose last value is a function, and a path of its function `f`. */
function follow(source: string, options?: PathOptions) {
  const armed = armScript(source, (woven) => pathOf(woven, 'f', options));
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the script has made
  const run = armed.value as any;
  const account = () => armed.probes.takeReports()[0]!;
  return { ...armed, run, account };
}

describe('a path', () => {
  it('shows the lines of a call with what is new of its variables, and how it ended', () => {
    const { run, captures } = follow(`function f(n) {
      let total = 0;
      for (let i = 0; i < n; i++) {
        total += i;
      }
      return total;
    } f`);
    expect(run(3)).toBe(3);
    expect(linesOf(captures[0]!)).toEqual([
      '2 n=3',
      '3:body total=0',
      '4 i=0',
      '4 i=1',
      '4 total=1 i=2',
      '6 total=3',
      'returned',
    ]);
    expect(captures[0]).toMatchObject({ kind: 'path', on: 'end', returned: { type: 'number', value: 3 } });
  });
});
