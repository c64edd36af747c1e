import type { CapturedValue, CaptureView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { parseValueCondition } from '../../src/captures/value-condition.ts';
import { CollectorError } from '../../src/collector-error.ts';

const number = (value: number): CapturedValue => ({ type: 'number', value });
const text = (value: string): CapturedValue => ({ type: 'string', value });
const local = (key: string, value: CapturedValue) => ({ key, value });
const cut = {
  type: 'string',
  value: 'abc',
  length: 9,
  omitted: { reason: 'stringLength', count: 6 },
} as const;

const CAPTURE = {
  message: 'paid 7',
  durationMs: 12,
  locals: [
    local('order', {
      type: 'object',
      class: 'Order',
      id: 1,
      properties: [
        local('id', text('x')),
        local('total', number(120.5)),
        local('items', {
          type: 'array',
          class: 'Array',
          length: 3,
          items: [text('a'), text('b')],
          omitted: { reason: 'collectionSize' },
        }),
        local('card', { type: 'redacted', rule: 'name' }),
        local('deep', { type: 'object', class: 'Deep', properties: [], omitted: { reason: 'depth' } }),
        local('self', { type: 'reference', id: 1 }),
      ],
    }),
    local('big', { type: 'bigint', value: '9007199254740993' }),
    local('none', { type: 'undefined' }),
    local('flag', text('true')),
    local('when', { type: 'date', value: '2026-11-21T12:00:00.000Z' }),
    local('note', text('mail [redacted:email] now')),
    local('cut', cut),
    local('nan', { type: 'number', value: 'NaN' }),
    local('headers', { type: 'map', class: 'Map', size: 1, entries: [[text('x-id'), text('7')]] }),
  ],
  watches: [{ source: 'order.total * 2', value: number(241) }],
  context: { user: 'ada', message: 'no' },
} as unknown as CaptureView;

const ask = (condition: string): boolean | undefined => parseValueCondition(condition, 'where').test(CAPTURE);

describe('a condition on a value', () => {
  test.each([
    "order.id = 'x'",
    'locals.order.id == "x"',
    'order.self.id === "x"',
    'order.total > 100',
    'order.total<=120.5',
    'order.total != 120',
    'order.items[1] = "b"',
    'order.items.length = 3',
    'order.items contains "a"',
    'order contains "total"',
    'big > 9007199254740992n',
    'big = 9007199254740993n',
    'none = undefined',
    'flag = "true"',
    "when > '2026-11-20'",
    "note contains 'mail'",
    "cut < 'abd'",
    'watches["order.total * 2"] = 241',
    "context.user = 'ada'",
    "message contains 'paid'",
    'durationMs >= 12',
    'headers["x-id"] = "7"',
    'headers contains "x-id"',
    'order',
    '!order.discount',
    '! missing',
  ])('holds: %s', (condition) => {
    expect(ask(condition)).toBe(true);
  });

  test.each([
    "order.id = 'y'",
    'order.total > 120.5',
    'flag = true',
    'order.id != "x"',
    'nan = 1',
    'nan < 1',
    'none = null',
    'missing = 1',
    'missing != 1',
    "cut = 'xyz'",
    "cut < 'abc'",
    "note = 'post'",
    'order.discount',
    '!order.id',
  ])('does not hold: %s', (condition) => {
    expect(ask(condition)).toBe(false);
  });

  test.each([
    "order.card = '4111'",
    'order.card.length > 1',
    "order.items contains 'c'",
    'order.deep.level = 1',
    '!order.deep.level',
    "cut = 'abcdefghi'",
    "cut contains 'z'",
    "note = 'mail ada@example.com now'",
    "note contains 'ada'",
  ])('cannot be told: %s', (condition) => {
    expect(ask(condition)).toBeUndefined();
  });

  test.each([
    ['', 0, 'Here a path to a value begins.'],
    ['= 3', 0, 'Here a path to a value begins.'],
    ['order is 3', 6, 'Here one of === !== == != <= >= = < > contains follows.'],
    ['order.id = x', 11, "Here a 'text', a number, true, false, null or undefined stands."],
    ["order.id = 'x' and 'y'", 11, "Here a 'text'"],
    ['order.id =', 10, "Here a 'text'"],
    ['!order = 1', 7, 'After ! and a path nothing follows'],
    ['order.items[', 11, 'Here one of'],
  ])('that is none is refused with its place: %s', (condition, at, message) => {
    const error = (() => {
      try {
        return parseValueCondition(condition, 'where[0]');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(CollectorError);
    const { code, details, message: text } = error as CollectorError;
    expect(text).toContain(message);
    expect({ code, ...details }).toEqual({
      code: 'SYNTAX_ERROR',
      path: 'where[0]',
      excerpt: `${condition}\n${' '.repeat(at)}^`,
    });
  });
});
