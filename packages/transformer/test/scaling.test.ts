import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { weave } from '../src/index.ts';

/** The work per point is bounded: sizes are compared, not times, and the time-out is far above what is needed. */

const MANY = 8_000;

describe('long files', () => {
  it('with thousands of variables stay in proportion', () => {
    const code = Array.from({ length: MANY }, (_, n) => `const v${n} = ${n};`).join('\n');
    const woven = weave(code, { filename: 'file.mjs' });
    expect(woven.manifest?.functions[0]?.points).toHaveLength(MANY);
    expect(woven.code.length).toBeLessThan(code.length * 12);
  }, 10_000);

  it('with thousands of functions that are left alone', () => {
    const code = Array.from(
      { length: 2_000 },
      (_, n) => `function f${n}() { return ${n} } use(String(f${n}));`,
    );
    const woven = weave(code.join('\n'), { filename: 'file.mjs' });
    expect(woven.skipped).toHaveLength(2_000);
  }, 10_000);

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
