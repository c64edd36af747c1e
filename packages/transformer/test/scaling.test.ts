import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { weave } from '../src/index.ts';

/** How much more work four times the text may be: in proportion it is 4 times as much, else 16. */
const GROWTH = 10;

describe('long files', () => {
  it('with thousands of variables stay in proportion', () => {
    const variables = (count: number): string => repeat(count, (n) => `const v${n} = ${n};`);
    const many = variables(4_000);
    const woven = weave(many, { filename: 'file.mjs' });
    expect(woven.manifest?.functions[0]?.points).toHaveLength(4_000);
    expect(woven.code.length).toBeLessThan(many.length * 12);
    expect(growth(variables(1_000), many)).toBeLessThan(GROWTH);
  }, 120_000);

  it('with thousands of functions that are left alone', () => {
    const functions = (count: number): string =>
      repeat(count, (n) => `function f${n}() { return ${n} } use(String(f${n}));`);
    const many = functions(2_000);
    expect(weave(many, { filename: 'file.mjs' }).skipped).toHaveLength(2_000);
    expect(growth(functions(500), many)).toBeLessThan(GROWTH);
  }, 120_000);

  it('with a chain of more than a thousand `else if`s still parse and run, and probe what each of them guards', () => {
    const links = Array.from({ length: 1_400 }, (_, n) => `if (n === ${n}) { return ${n} * 2 }`);
    const woven = weave(`(function (n) { ${links.join(' else ')} return (() => -1)() })`, {
      filename: 'file.cjs',
    });
    expect(woven.skipped).toEqual([]);
    const chain = runInNewContext(woven.code) as (n: number) => number;
    expect([0, 99, 100, 1_399, 1_400].map(chain)).toEqual([0, 198, 200, 2_798, -1]);
    expect(woven.manifest?.functions.flatMap(({ points }) => points).length).toBeGreaterThan(1_400);
  });
});

function repeat(count: number, textOf: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => textOf(n)).join('\n');
}

/** How many times as long `long` takes as `short`, by the fastest of a few runs: more of them on a busy machine. */
function growth(short: string, long: string): number {
  let ofShort = Infinity;
  let ofLong = Infinity;
  for (let run = 1; run <= 6; run++) {
    ofShort = Math.min(ofShort, timeOf(short));
    ofLong = Math.min(ofLong, timeOf(long));
    if (run >= 2 && ofLong / ofShort < GROWTH) break;
  }
  return ofLong / ofShort;
}

function timeOf(code: string): number {
  const started = performance.now();
  weave(code, { filename: 'file.mjs' });
  return performance.now() - started;
}
