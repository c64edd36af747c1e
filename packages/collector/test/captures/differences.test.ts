import type { CapturedProperty, CapturedValue, CaptureDifference, CaptureView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { differencesBetween } from '../../src/captures/differences.ts';

const number = (value: number): CapturedValue => ({ type: 'number', value });
const text = (value: string): CapturedValue => ({ type: 'string', value });
const object = (properties: Record<string, CapturedValue>, more: object = {}): CapturedValue => ({
  type: 'object',
  class: 'Object',
  properties: propertiesOf(properties),
  ...more,
});
const propertiesOf = (properties: Record<string, CapturedValue>): CapturedProperty[] =>
  Object.entries(properties).map(([key, value]) => ({ key, value }));
const capture = (locals: Record<string, CapturedValue>, more: object = {}): CaptureView =>
  ({ id: 'c', at: 1, hit: 1, locals: propertiesOf(locals), ...more }) as unknown as CaptureView;

function between(from: CaptureView, to: CaptureView): { found: string[]; same: number } {
  const { differences, same } = differencesBetween(from, to);
  return { found: differences.map(written), same };
}

const written = ({ path, kind, from, to, why }: CaptureDifference): string =>
  `${kind} ${path}: ${from?.text ?? '-'} → ${to?.text ?? '-'}${why === undefined ? '' : ` (${why})`}`;

test('captures that are the same differ in nothing, whatever their ids and times', () => {
  const locals = {
    order: object({ id: text('x'), items: { type: 'array', class: 'Array', length: 1, items: [number(1)] } }),
  };
  expect(between(capture(locals), capture(locals, { id: 'd', at: 9, hit: 2 }))).toEqual({
    found: [],
    same: 3,
  });
});

test('what was added, removed and changed is told by its path', () => {
  const from = capture(
    { order: object({ id: text('x'), total: number(1), old: { type: 'null' } }), highValue: text('true') },
    { context: { user: 'ada' }, threw: text('late') },
  );
  const to = capture(
    {
      order: object({ id: text('x'), total: number(2), 'x-new': number(3) }),
      highValue: { type: 'boolean', value: true },
    },
    { context: { user: 'bob' } },
  );
  expect(between(from, to)).toEqual({
    found: [
      'changed order.total: 1 → 2',
      'removed order.old: null → -',
      'added order["x-new"]: - → 3',
      'changed highValue: "true" → true',
      'removed threw: "late" → -',
      'changed context.user: "ada" → "bob"',
    ],
    same: 1,
  });
});

describe('what one of them does not show is unknown, and never the same', () => {
  const secret: CapturedValue = { type: 'redacted', rule: 'name' };
  const cut = (value: string, length: number): CapturedValue => ({
    type: 'string',
    value,
    length,
    omitted: { reason: 'stringLength' },
  });
  test.each<[string, CapturedValue, CapturedValue, string[]]>([
    [
      'redacted in both',
      secret,
      secret,
      ['unknown it: [redacted: name] → [redacted: name] (redacted (name))'],
    ],
    ['redacted in one', secret, text('x'), ['unknown it: [redacted: name] → "x" (redacted (name))']],
    [
      'redacted in part',
      text('[redacted:card]'),
      text('[redacted:card]'),
      ['unknown it: "[redacted:card]" → "[redacted:card]" (a part of it is redacted)'],
    ],
    [
      'cut',
      cut('ab', 9),
      cut('ab', 9),
      ['unknown it: "ab"… (9 characters) → "ab"… (9 characters) (not captured whole (stringLength))'],
    ],
    [
      'cut at other places',
      cut('ab', 9),
      cut('abc', 9),
      ['unknown it: "ab"… (9 characters) → "abc"… (9 characters) (not captured whole (stringLength))'],
    ],
    [
      'cut, and of other lengths',
      cut('ab', 9),
      cut('ab', 8),
      ['changed it: "ab"… (9 characters) → "ab"… (8 characters)'],
    ],
    [
      'beyond the depth',
      object({ a: number(1) }, { omitted: { reason: 'depth' } }),
      object({ a: number(1), b: number(2) }),
      [
        'unknown it.b: - → 2 (not captured (depth))',
        'unknown it: Object {a} → Object {a, b} (it has more that was not captured (depth))',
      ],
    ],
    [
      'never looked at',
      { type: 'proxy' },
      { type: 'proxy' },
      ['unknown it: [proxy] → [proxy] (what a proxy holds is never looked at)'],
    ],
  ])('%s', (_what, from, to, found) => {
    expect(between(capture({ it: from }), capture({ it: to })).found).toEqual(found);
  });
});

test('references are the same when they mean the same place, whatever their ids', () => {
  const ring = (id: number, to = id): CapturedValue =>
    object({ self: { type: 'reference', id: to }, n: number(1) }, { id });
  expect(between(capture({ a: ring(1) }), capture({ a: ring(7) }))).toEqual({ found: [], same: 2 });
  expect(between(capture({ a: ring(1), b: ring(2) }), capture({ a: ring(1), b: ring(2, 1) })).found).toEqual([
    'changed b.self: [the same object as #2] → [the same object as #1]',
  ]);
  expect(
    between(capture({ a: ring(1), b: { type: 'reference', id: 1 } }), capture({ a: ring(1), b: ring(2) }))
      .found,
  ).toEqual(['changed b.self: [the same object as #1] → [the same object as #2]']);
});

test('Sets and Maps are compared by what they hold, lists by place', () => {
  const set = (...items: CapturedValue[]): CapturedValue => ({
    type: 'set',
    class: 'Set',
    size: items.length,
    items,
  });
  const map = (...entries: [CapturedValue, CapturedValue][]): CapturedValue => ({
    type: 'map',
    class: 'Map',
    size: 1,
    entries,
  });
  const list = (...items: CapturedValue[]): CapturedValue => ({
    type: 'array',
    class: 'Array',
    length: items.length,
    items,
  });
  const from = capture({
    s: set(text('a'), text('b')),
    m: map([text('k'), number(1)]),
    l: list(number(1), number(2)),
  });
  const to = capture({ s: set(text('b'), text('c')), m: map([text('k'), number(2)]), l: list(number(2)) });
  expect(between(from, to).found).toEqual([
    'removed s.a: "a" → -',
    'added s.c: - → "c"',
    'changed m.k: 1 → 2',
    'changed l.length: 2 → 1',
    'changed l[0]: 1 → 2',
    'removed l[1]: 2 → -',
  ]);
});

test('stacks and recorded steps are compared up to where they part', () => {
  const stack = (...lines: number[]): object => ({
    stack: lines.map((line) => ({ function: 'f', file: 'a.ts', line, column: 1 })),
  });
  const path = (lines: number[], omitted?: object): object => ({
    path: {
      functions: [{ name: 'f', source: 'a.ts' }],
      calls: [{ function: 0, depth: 0 }],
      steps: lines.map((line) => ({ call: 0, line, column: 1, us: line })),
      ended: 'returned',
      ...omitted,
    },
  });
  expect(between(capture({}, stack(1, 2, 3)), capture({}, stack(1, 5, 6))).found).toEqual([
    'changed stack[1]: "f (a.ts:2)" → "f (a.ts:5)"',
  ]);
  expect(between(capture({}, path([1, 2, 4])), capture({}, path([1, 2]))).found).toEqual([
    'removed path.steps[2]: "f:4" → -',
  ]);
  const partial = path([1, 2, 9], { omitted: { before: 2, count: 5 } });
  expect(between(capture({}, partial), capture({}, partial)).found).toEqual([
    'unknown path.steps[2]: - → - (steps were left out from here on)',
  ]);
});
