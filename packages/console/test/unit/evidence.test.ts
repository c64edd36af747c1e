import type {
  CapturedPath,
  CapturedSpan,
  CapturedValue,
  CaptureView,
  MetricSeries,
  ProbeView,
} from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { alone } from '../../src/parts/chart/alone.ts';
import { stackRows } from '../../src/views/evidence/captures/frames.ts';
import { differing } from '../../src/views/evidence/captures/differing.ts';
import { csvOf } from '../../src/views/evidence/metrics/csv.ts';
import { chartsOf } from '../../src/views/evidence/metrics/curves.ts';
import { columnsOf, placeIn } from '../../src/views/evidence/metrics/histogram.ts';
import { secondsOf, seriesOf } from '../../src/views/evidence/metrics/windows.ts';
import { pathRows } from '../../src/views/evidence/paths/path-rows.ts';
import { fieldMoment, fieldTime } from '../../src/views/evidence/search/capture-filter.ts';
import { marksFor, ownTimes, stepTimes } from '../../src/views/evidence/trace/time-scale.ts';
import { traceRows } from '../../src/views/evidence/trace/trace-rows.ts';
import { everyItem, traceTree, type TraceItem } from '../../src/views/evidence/trace/trace-tree.ts';
import { gist } from '../../src/words/gist.ts';
import { mentioned } from '../../src/words/mentioned.ts';
import { omissionWords } from '../../src/words/omission.ts';
import { piecesOf, redactionWords } from '../../src/words/redaction.ts';
import { inline } from '../../src/words/value.ts';

/** What is made of evidence before it is shown. */

const capture = (id: string, more: Partial<CaptureView>): CaptureView => ({
  id,
  probe: 'p',
  kind: 'snapshot',
  at: 0,
  hit: 1,
  tookUs: 1,
  cursor: id,
  service: 'trades',
  instance: 'i',
  location: { file: 'a.ts', line: 1, column: 1 },
  function: 'f',
  receivedAt: 0,
  traceId: 't',
  ...more,
});

const span = (
  id: string,
  [startedAt, durationMs]: readonly [number, number],
  more: Partial<CapturedSpan> = {},
): CaptureView =>
  capture(`capture ${id}`, {
    kind: 'span',
    spanId: id,
    span: {
      recorder: 'dormouse',
      traceId: 't',
      spanId: id,
      name: id,
      startedAt,
      durationMs,
      status: 'ok',
      attributes: {},
      ...more,
    },
  });

describe('a trace', () => {
  const shape = (items: readonly TraceItem[]): unknown =>
    items.map(({ key, children }) => (children.length === 0 ? key : [key, shape(children)]));

  it('has everything inside of the span that it names, by its begin', () => {
    const tree = traceTree([
      capture('late', { at: 9, spanId: 'inner' }),
      span('inner', [5, 10], { parentSpanId: 'outer' }),
      span('outer', [0, 20]),
      capture('early', { at: 1, spanId: 'outer' }),
    ]);
    expect(shape(tree)).toEqual([['capture outer', ['early', ['capture inner', ['late']]]]]);
  });

  it('has a place for a span that was recorded elsewhere, with the time of what is in it', () => {
    const [around, ...others] = traceTree([
      span('b', [30, 10], { parentSpanId: 'server' }),
      capture('a', { at: 20, spanId: 'server' }),
    ]);
    expect(others).toEqual([]);
    expect(around).toMatchObject({ capture: undefined, spanId: 'server', startedAt: 20, endedAt: 40 });
  });

  it('is shown whole, and ends, where spans name each other as the one around them', () => {
    const tree = traceTree([
      span('a', [0, 1], { parentSpanId: 'b' }),
      span('b', [0, 1], { parentSpanId: 'a' }),
      span('self', [0, 1], { parentSpanId: 'self' }),
    ]);
    expect(everyItem(tree).length).toBe(3);
  });

  it('knows what of a span’s time is in none of its children', () => {
    const [outer] = traceTree([
      span('outer', [0, 100]),
      span('one', [10, 20], { parentSpanId: 'outer' }),
      span('two', [20, 30], { parentSpanId: 'outer' }),
      span('beyond', [90, 40], { parentSpanId: 'outer' }),
    ]);
    expect(ownTimes(outer!)).toEqual([
      { from: 0, to: 10 },
      { from: 50, to: 90 },
    ]);
  });

  it('shows when a path took its steps: what lies between is where it waited', () => {
    const path = { steps: [0, 1, 2, 90_000].map((us) => ({ us })) } as unknown as CapturedPath;
    const [item] = traceTree([capture('path', { kind: 'path', at: 1_100, durationMs: 100, path })]);
    expect(stepTimes(item!, { from: 1_000, to: 1_100 })).toEqual([1_000, 1_090]);
  });

  it('folds, and counts what is beside each other', () => {
    const tree = traceTree([span('outer', [0, 9]), capture('in', { at: 1, spanId: 'outer' })]);
    expect(traceRows(tree, new Set()).map(({ level, isOpen }) => [level, isOpen])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(traceRows(tree, new Set(['capture outer'])).length).toBe(1);
  });

  it('has round marks on its scale', () => {
    expect(marksFor(47)).toEqual([0, 10, 20, 30, 40]);
    expect(marksFor(0.5)).toHaveLength(6);
  });
});

describe('a path', () => {
  const path: CapturedPath = {
    functions: [
      { name: 'place', source: 'src/desk.ts' },
      { name: 'book', source: 'src/ledger.ts' },
    ],
    calls: [
      { function: 0, depth: 0 },
      {
        function: 1,
        depth: 1,
        ended: 'threw',
        us: 40,
        threw: { type: 'error', class: 'E', message: 'no', properties: [] },
      },
    ],
    steps: [
      { call: 0, line: 3, column: 1, us: 0 },
      { call: 1, line: 8, column: 1, us: 10 },
      { call: 0, line: 4, column: 1, us: 50_000 },
      { call: 0, line: 4, column: 1, us: 50_010 },
    ],
    omitted: { before: 3, count: 7 },
    ended: 'returned',
  };

  it('is told with the calls in it, how they ended, what was left out, and where time passed', () => {
    const rows = pathRows(path, { returned: { type: 'number', value: 5 }, durationMs: 51 });
    const told = rows.map((row) => {
      if (row.type === 'step') return `${row.step.line}${row.round > 1 ? ` again ${row.round}` : ''}`;
      if (row.type === 'call') return `in ${row.name}`;
      if (row.type === 'end') return `${row.text} at ${row.us}`;
      return row.type === 'pause' ? `pause ${row.us}` : `left out ${row.count}`;
    });
    expect(told).toEqual([
      'in place',
      '3',
      'in book',
      '8',
      'threw E: no at 40',
      'pause 49990',
      'in place',
      '4',
      'left out 7',
      '4 again 2',
      'returned 5 at 51000',
    ]);
  });
});

describe('a stack', () => {
  const frame = (file: string) => ({ function: 'f', file, line: 1, column: 1 });

  it('folds frames of packages and of Node where there are many in a row', () => {
    const stack = [
      frame('src/a.ts'),
      ...Array.from({ length: 4 }, () => frame('node_modules/x/index.js')),
      frame('src/b.ts'),
      frame('node:internal'),
    ];
    const lengths = (opened: ReadonlySet<number>): number[] =>
      stackRows(stack, opened).map((row) => ('foreign' in row ? row.foreign.length : 1));
    expect(lengths(new Set())).toEqual([1, 4, 1, 1]);
    expect(lengths(new Set([1]))).toHaveLength(7);
  });
});

describe('what is hidden or left out', () => {
  it('stands apart in a text, with its reason', () => {
    expect(piecesOf('key [redacted:api-key] end')).toEqual([
      { text: 'key ' },
      { text: '[redacted:api-key]', rule: 'api-key' },
      { text: ' end' },
    ]);
    expect(piecesOf('')).toEqual([{ text: '' }]);
    expect(redactionWords('include-list')).toBe('redacted: not on the include list');
    expect(redactionWords('not granted: string')).toBe('withheld: string');
  });

  it('is counted in words that fit', () => {
    expect(omissionWords({ reason: 'collectionSize', count: 1 })).toBe('1 more item not captured');
    expect(omissionWords({ reason: 'stringLength', count: 12_000 })).toBe(
      '12,000 more characters not captured',
    );
  });

  it('is seen of a text on one line, too', () => {
    const cut: CapturedValue = {
      type: 'string',
      value: 'abc',
      omitted: { reason: 'stringLength', count: 9 },
    };
    expect(inline(cut)).toBe('"abc…"');
  });
});

describe('a comparison', () => {
  it('finds the part of two texts that differs, and cuts no character', () => {
    expect(differing('total: 100 USD', 'total: 1200 USD')).toEqual({
      head: 'total: 1',
      from: '',
      to: '2',
      tail: '00 USD',
    });
    expect(differing('😀a', '😁a')).toEqual({ head: '', from: '😀', to: '😁', tail: 'a' });
    expect(differing('"true"', 'true')).toEqual({ head: '', from: '"true"', to: 'true', tail: '' });
  });
});

describe('a capture on one line', () => {
  const seen = capture('seen', {
    locals: [
      {
        key: 'order',
        value: {
          type: 'object',
          class: 'Object',
          properties: [
            { key: 'id', value: { type: 'string', value: 'ord_7' } },
            { key: 'highValue', value: { type: 'string', value: 'true' } },
          ],
        },
      },
      { key: 'amount', value: { type: 'number', value: 12_000 } },
    ],
  });

  it('begins with what is short, for that tells it from others', () => {
    expect(gist(seen)).toBe('amount: 12000  order: {id: "ord_7", highValue: "true"}');
  });

  it('begins with what the probe asks about, as far as it is there', () => {
    const named = mentioned(`typeof order.highValue === 'amount' && order.lines.length > limit`, seen);
    expect([...named.keys()]).toEqual(['order.highValue']);
    const probe = { condition: 'order.highValue !== true && amount > 1' } as ProbeView;
    expect(gist(seen, probe)).toMatch(/^order\.highValue: "true" {2}amount: 12000 {2}order: /);
  });
});

describe('figures', () => {
  it('of a window are told on one line', () => {
    const series = [
      { key: 'retail', outcome: 'returned' as const, count: 1_200 },
      { other: true as const, count: 3 },
    ];
    const window = capture('w', { kind: 'duration', metric: { from: 0, to: 1_000, series } });
    expect(gist(window)).toBe('retail returned 1,200×, other keys 3×');
  });

  const NOW = 100_000;
  const bin = (value: number): number => Math.ceil(Math.log(value) / Math.log(1.01 / 0.99));
  const sketch = (...values: number[]) => ({
    zeros: 0,
    positive: values.flatMap((value) => [bin(value), 1]),
    negative: [],
  });
  const windowFrom = (from: number, series: MetricSeries): CaptureView =>
    capture(String(from), { kind: 'histogram', metric: { from, to: from + 1_000, series: [series] } });

  it('share the hits of a window among the seconds that it is in, and leave out those that are on their way', () => {
    const seconds = secondsOf([windowFrom(90_250, { count: 8 })], 10, NOW);
    expect(seconds.map(({ at }) => at).slice(-1)).toEqual([98]);
    const [rate] = chartsOf(seconds, undefined);
    expect(rate!.curves).toEqual([{ name: 'hits', values: [0, 6, 2, 0, 0, 0, 0, 0, 0, 0] }]);
  });

  it('leave no gap where a busy process sends its windows late, and count every number once', () => {
    const late = capture('late', {
      kind: 'gauge',
      metric: { from: 90_250, to: 92_750, series: [{ count: 2, sum: 8, min: 3, max: 5 }] },
    });
    const after = secondsOf([late], 5, NOW);
    const longer = secondsOf([late], 10, NOW);
    expect(chartsOf(longer, undefined)[0]!.curves[0]!.values).toEqual([
      null,
      4,
      4,
      4,
      ...Array.from({ length: 6 }, () => null),
    ]);
    expect(seriesOf([late], longer)).toHaveLength(1);
    expect(seriesOf([late], after)).toEqual([]);
  });

  it('can be of one series alone', () => {
    const windows = ['retail', 'partner'].map((key, index) =>
      windowFrom(90_000, { key, count: index + 1, sketch: sketch(10 ** (index + 1)) }),
    );
    const titles = (only?: string): string[] =>
      chartsOf(secondsOf(windows, 10, NOW), only).map(({ title }) => title);
    expect(titles()).toEqual(['Distribution', 'Median of each', 'Hits per second']);
    expect(titles('retail')).toEqual(['Distribution', 'Hits per second']);
  });

  it('make columns that hold every number once', () => {
    const values = Array.from({ length: 500 }, (_, index) => 1.03 ** index);
    const columns = columnsOf([sketch(...values)]);
    expect(columns.reduce((sum, { count }) => sum + count, 0)).toBe(500);
    expect(columns.length).toBeLessThanOrEqual(40);
    expect(columns[0]!.from).toBeLessThanOrEqual(1);
    expect(columns.at(-1)!.to).toBeGreaterThanOrEqual(values.at(-1)! * 0.99);
    expect(
      columnsOf([{ zeros: 3, positive: [], negative: [bin(5), 2] }]).map(({ count }) => count),
    ).toContain(3);
    expect(columnsOf([])).toEqual([]);
    expect(placeIn(columns, 0)).toBe(0);
    expect(placeIn(columns, 1e12)).toBe(1);
  });

  it('become a table that spreadsheets read', () => {
    const charts = [{ title: 'Rate', of: 'hits' as const, curves: [{ name: '=a"b', values: [1, null] }] }];
    expect(csvOf([0, 1], charts)).toBe(
      '"time","Rate: =a""b"\r\n1970-01-01T00:00:00.000Z,1\r\n1970-01-01T00:00:01.000Z,\r\n',
    );
  });

  it('are drawn as points where a line has nothing to lead to', () => {
    expect(alone([1, null, 2, 3, null, 4])).toEqual([0, 5]);
  });
});

it('a time in a field is the moment that it was made of', () => {
  expect(fieldMoment(fieldTime('1795300000000'))).toBe('1795300000000');
  expect(fieldTime(undefined)).toBe('');
  expect(fieldMoment('')).toBeUndefined();
});
