import type { CapturedPath, CapturedValue } from '@dormouse/protocol';
import { expect, test } from 'vitest';
import { plainStyle } from '../src/render/index.ts';
import { inlineValue } from '../src/render/inline-value.ts';
import { pathNews } from '../src/render/path-news.ts';
import { formatUs, pathGist, renderPath } from '../src/render/path.ts';
import { displayWidth } from '../src/render/text.ts';

const text = (value: string): CapturedValue => ({ type: 'string', value });
const number = (value: number): CapturedValue => ({ type: 'number', value });

const ORDER: CapturedValue = {
  type: 'object',
  class: 'Order',
  properties: [
    { key: 'id', value: text('ord_bbf6af28-1162-4502-942c-409294f2b9bc') },
    { key: 'amount', value: number(12_500) },
    { key: 'highValue', value: text('true') },
    {
      key: 'lines',
      value: { type: 'array', class: 'Array', length: 3, items: [], omitted: { reason: 'depth' } },
    },
  ],
};

const PATH: CapturedPath = {
  functions: [
    { name: 'RiskGate.assess', source: 'src/risk.ts' },
    { name: 'checkHoldings', source: 'src/holdings.ts' },
  ],
  calls: [
    { function: 0, depth: 0, ended: 'threw', us: 2_512.4 },
    { function: 1, depth: 1, ended: 'returned', us: 25, returned: { type: 'undefined' } },
  ],
  steps: [
    {
      call: 0,
      line: 33,
      column: 5,
      us: 0.4,
      changed: [
        { key: 'order', value: ORDER },
        { key: 'limit', value: number(10) },
      ],
    },
    { call: 1, line: 54, column: 3, us: 12, arm: 'none', changed: [{ key: 'cash', value: number(1) }] },
    {
      call: 0,
      line: 38,
      column: 5,
      us: 30.2,
      arm: 'then',
      changed: [{ key: 'fraudScore', value: { type: 'null' } }],
    },
    { call: 0, line: 41, column: 7, us: 2_400, enters: 'catch' },
  ],
  omitted: { before: 2, count: 1_204 },
  ended: 'threw',
};

test('a path is a list of lines with times, arms and what is new, nested as its calls are', () => {
  expect(renderPath(PATH, { ...plainStyle, width: 80 }, '    ').join('\n')).toBe(
    `
                     RiskGate.assess  src/risk.ts
       0.4 µs    33             order = Order {id: "ord_bbf6af28-1162-4502-942c-
                                409294f2b9bc", amount: 12500, highValue:
                                "true", lines: Array(3)}
                                limit = 10
                     │ checkHoldings  src/holdings.ts
        12 µs    54  │ not taken  cash = 1
        25 µs        │ returned undefined
            …        1,204 steps left out
                     RiskGate.assess  src/risk.ts
      30.2 µs    38  → then     fraudScore = null
       2.4 ms    41  in catch
      2.51 ms        threw
`.slice(1, -1),
  );
});

test('no line is wider than the terminal', () => {
  for (const width of [72, 80, 120]) {
    const lines = renderPath(PATH, { ...plainStyle, width }, '    ');
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
  }
});

test('an object that was shown before is told by what is different in it', () => {
  const object = (...properties: readonly [string, CapturedValue][]): CapturedValue => ({
    type: 'object',
    class: 'Object',
    properties: properties.map(([key, value]) => ({ key, value })),
  });
  const values = [
    object(['a', number(1)], ['b', number(2)], ['c', number(3)]),
    object(['a', number(1)], ['b', text('two')], ['c', number(3)]),
    object(['a', number(1)], ['b', text('two')]),
    object(['a', number(5)], ['b', number(6)]),
    number(7),
    object(['a', number(5)], ['b', number(6)]),
  ];
  const steps = values.map((value, index) => ({
    call: 0,
    line: index + 1,
    column: 1,
    us: index,
    changed: [{ key: 'it', value }],
  }));
  const path: CapturedPath = {
    functions: [{ name: 'f', source: 'f.ts' }],
    calls: [{ function: 0, depth: 0 }],
    steps,
    ended: 'returned',
  };
  expect(pathNews(path)).toEqual([
    ['it = {a: 1, b: 2, c: 3}'],
    ['it.b = "two"'],
    ['it.c deleted'],
    ['it = {a: 5, b: 6}'],
    ['it = 7'],
    ['it = {a: 5, b: 6}'],
  ]);
});

test('a path is told in a few words', () => {
  expect(pathGist(PATH)).toBe('1,208 steps, threw');
  expect(
    pathGist({ ...PATH, steps: PATH.steps.slice(0, 1), omitted: undefined as never, ended: 'reached' }),
  ).toMatch(/^1 step, reached/);
});

test.each<[CapturedValue, string]>([
  [
    ORDER,
    'Order {id: "ord_bbf6af28-1162-4502-942c-409294f2b9bc", amount: 12500, highValue: "true", lines: Array(3)}',
  ],
  [{ type: 'object', class: 'Object', properties: [] }, '{}'],
  [{ type: 'object', class: null, properties: [], omitted: { reason: 'depth' } }, '{…}'],
  [
    {
      type: 'array',
      class: 'Array',
      length: 3,
      items: [number(1)],
      omitted: { reason: 'collectionSize', count: 2 },
    },
    '[1, …]',
  ],
  [{ type: 'map', class: 'Map', size: 1, entries: [[text('a'), number(1)]] }, 'Map {"a" → 1}'],
  [{ type: 'set', class: 'Set', size: 2, items: [], omitted: { reason: 'depth' } }, 'Set(2)'],
  [{ type: 'error', class: 'RangeError', message: 'no\u001b[2J', properties: [] }, 'RangeError: no\\x1b[2J'],
  [{ type: 'promise' }, 'Promise not opened'],
  [{ type: 'redacted', rule: 'name' }, '‹redacted: name›'],
])('%j is written on one line', (value, line) => {
  expect(inlineValue(value)).toBe(line);
});

test.each([
  [0, '0 µs'],
  [0.4, '0.4 µs'],
  [999.4, '999 µs'],
  [1_250, '1.25 ms'],
  [3_400_000, '3.4 s'],
])('%d µs are written as %s', (us, words) => {
  expect(formatUs(us)).toBe(words);
});
