import type { CapturedPath, CapturedValue, FunctionView, PointView } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { Pulse } from '../../src/state/pulse.ts';
import { quantile } from '../../src/views/evidence/metrics/quantile.ts';
import { momentOf } from '../../src/views/evidence/paths/replay.ts';
import { nearestLine, outlineDocument } from '../../src/views/source/code/code-document.ts';
import { treeOf } from '../../src/views/source/files/tree.ts';
import { EMPTY, requestOf } from '../../src/views/source/place/draft.ts';
import { headOf, inline, missingOf } from '../../src/words/value.ts';

/** What needs no browser: how things are said, and what is made of answers. */

const number = (value: number): CapturedValue => ({ type: 'number', value });

describe('values', () => {
  const order: CapturedValue = {
    type: 'object',
    class: 'Order',
    properties: [
      { key: 'id', value: { type: 'string', value: 'a"b' } },
      { key: 'card', value: { type: 'redacted', rule: 'card number' } },
      { key: 'lines', value: { type: 'array', class: 'Array', length: 3, items: [number(1)] } },
    ],
    omitted: { reason: 'fieldCount', count: 12 },
  };

  it('are written on one line as a literal would be, with what is left out', () => {
    expect(inline(order)).toBe('Order {id: "a\\"b", card: redacted: card number, lines: Array(3), …}');
  });

  it('say why they are not whole', () => {
    expect(missingOf(order)).toBe('12 more fields not captured');
    expect(headOf({ type: 'omitted', omitted: { reason: 'depth' } }).text).toBe('deeper levels not captured');
  });
});

describe('the tree of files', () => {
  it('joins folders that have nothing else in them, and puts folders first', () => {
    const tree = treeOf(['src/app/main.ts', 'src/app/a/b/deep.ts', 'src/app/a/b/also.ts']);
    expect(tree.map(({ name }) => name)).toEqual(['src/app']);
    expect(tree[0]!.children!.map(({ name, path }) => [name, path])).toEqual([
      ['a/b', 'src/app/a/b'],
      ['main.ts', 'src/app/main.ts'],
    ]);
  });
});

describe('the outline', () => {
  const point = (line: number, variables: readonly string[]): PointView => ({
    buildId: 'b',
    file: 'risk.ts',
    line,
    column: 3,
    function: 'check',
    kind: 'function',
    form: 'twin',
    variables,
  });
  const check: FunctionView = {
    buildId: 'b',
    file: 'risk.ts',
    function: 'check',
    kind: 'function',
    form: 'twin',
    async: true,
    exits: 'all',
    line: 10,
    endLine: 20,
    lines: [11, 13],
    variables: ['order'],
  };
  const outline = outlineDocument({
    file: 'risk.ts',
    points: [point(11, ['order']), point(13, ['order', 'amount'])],
    functions: [check],
  });

  it('shows functions, and at each statement the variables that are new', () => {
    expect(outline.lines.map((line) => [line.number, line.text])).toEqual([
      [10, 'async ƒ check'],
      [11, '  order'],
      [13, '  + amount'],
    ]);
  });

  it('leads from any line to a statement', () => {
    expect(nearestLine(outline, 12)?.number).toBe(11);
    expect(nearestLine(outline, 1)?.number).toBe(11);
  });
});

describe('a draft', () => {
  const place = { service: 'trades', file: 'risk.ts', line: 13, column: 3, function: 'check' };

  it('asks for a line with what its kind has, and for nothing that was said of another kind', () => {
    const draft = {
      ...EMPTY,
      condition: ' amount > 1 ',
      watches: 'a\n\n b ',
      template: 'left over',
      hits: 3,
    };
    expect(requestOf(draft, place)).toEqual({
      kind: 'snapshot',
      service: 'trades',
      location: { file: 'risk.ts', line: 13, column: 3 },
      condition: 'amount > 1',
      watches: ['a', 'b'],
      limits: { expiresInMs: 3_600_000, hits: 3 },
    });
  });

  it('asks for a function where the kind is of calls', () => {
    expect(requestOf({ ...EMPTY, kind: 'duration' }, place).location).toEqual({
      file: 'risk.ts',
      line: 13,
      function: 'check',
    });
  });
});

describe('a replayed path', () => {
  const path: CapturedPath = {
    functions: [{ name: 'check', source: 'risk.ts' }],
    calls: [{ function: 0, depth: 0 }],
    steps: [
      { call: 0, line: 11, column: 3, us: 0, changed: [{ key: 'order', value: number(1) }] },
      { call: 0, line: 13, column: 3, us: 5, changed: [{ key: 'amount', value: number(2) }] },
    ],
    ended: 'returned',
  };

  it('puts values beside the lines that made them', () => {
    const { overlay, variables } = momentOf(path, 1);
    expect(overlay).toMatchObject({ file: 'risk.ts', line: 13, trodden: [11] });
    expect([...overlay.notes]).toEqual([[11, 'order = 1   amount = 2']]);
    expect(variables.map(({ name }) => name)).toEqual(['order', 'amount']);
  });
});

describe('figures', () => {
  it('a pulse counts by the second, and forgets after a minute', () => {
    const pulse = new Pulse();
    pulse.add(100_000);
    pulse.add(100_900);
    pulse.add(101_000, 3);
    expect(pulse.beats(101_000).slice(-2)).toEqual([2, 3]);
    expect(pulse.beats(162_000).reduce((sum, count) => sum + count, 0)).toBe(0);
  });

  it('a quantile is known to 1 %, over all sketches', () => {
    const bin = (value: number): number => Math.ceil(Math.log(value) / Math.log(1.01 / 0.99));
    const of = (...values: number[]) => ({
      zeros: 0,
      positive: values.flatMap((value) => [bin(value), 1]),
      negative: [],
    });
    const median = quantile([of(10, 20), of(30)], 0.5)!;
    expect(Math.abs(median - 20) / 20).toBeLessThan(0.011);
  });
});
