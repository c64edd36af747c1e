import type { CapturedValue, CaptureView } from '@dormouse/protocol';
import picocolors from 'picocolors';
import { expect, test } from 'vitest';

import { plainStyle, renderCapture, renderLogLine, type Style } from '../src/render/index.ts';
import { valueRow } from '../src/render/value-row.ts';
import { renderValues } from '../src/render/value.ts';

const snapshot: CaptureView = {
  id: '9f2c41d07a3be856-3',
  probe: 'p_7f3a',
  kind: 'snapshot',
  at: new Date(2026, 0, 5, 9, 0, 0, 123).getTime(),
  hit: 1,
  tookUs: 1_042,
  cursor: '17',
  service: 'trades',
  instance: '9f2c41d07a3be856',
  buildId: '0123456789abcdef01234567',
  location: { file: 'src/risk/risk-gate.ts', line: 38, column: 5 },
  function: 'RiskGate.assess',
  receivedAt: 0,
  self: { type: 'object', class: 'RiskGate', properties: [] },
  locals: [
    {
      key: 'order',
      value: {
        type: 'object',
        class: 'Object',
        id: 1,
        properties: [
          { key: 'id', value: { type: 'string', value: 'ord_7' } },
          { key: 'highValue', value: { type: 'string', value: 'true' } },
          { key: 'tags', value: { type: 'array', class: 'Array', length: 2, items: [text('a'), text('b')] } },
          { key: 'apiKey', value: { type: 'redacted', rule: 'name' } },
        ],
        omitted: { reason: 'fieldCount', count: 12 },
      },
    },
    { key: 'amount', value: { type: 'number', value: 48_212.5 } },
    { key: 'same', value: { type: 'reference', id: 1 } },
  ],
  outers: [{ key: 'LIMIT', value: { type: 'number', value: 10_000 } }],
  watches: [
    { source: 'typeof order.highValue', value: text('string') },
    { source: 'order.missing.name', error: 'order.missing is undefined' },
  ],
  stack: [
    { function: 'RiskGate.assess', file: 'src/risk/risk-gate.ts', line: 38, column: 5 },
    { function: '', file: 'src/orders/order-desk.ts', line: 46, column: 28 },
  ],
};

test('a snapshot is a heading, watches, variables as an aligned tree, outer variables and the stack', () => {
  expect(renderCapture(snapshot, plainStyle)).toBe(
    `
snapshot  src/risk/risk-gate.ts:38:5  in RiskGate.assess
  2026-01-05 09:00:00.123 · trades/9f2c41d07a3be856 · build 0123456789ab · hit 1 of probe p_7f3a · 1,042 µs · capture 9f2c41d07a3be856-3

  watches
    typeof order.highValue  string  "string"
    order.missing.name              ‹order.missing is undefined›

  variables
    this    RiskGate   {}
    order   Object #1
      id         string    "ord_7"
      highValue  string    "true"
      tags       Array(2)  ["a", "b"]
      apiKey     redacted  ‹redacted: name›
      …                    ‹12 more fields not captured›
    amount  number     48212.5
    same    reference  → #1

  outer variables
    LIMIT  number  10000

  stack
    RiskGate.assess  src/risk/risk-gate.ts:38:5
    <anonymous>      src/orders/order-desk.ts:46:28
`.trim(),
  );
});

test('of a call that threw, the last line that it ran is shown beside how it began', () => {
  const { self: _none, outers: _outers, watches: _watches, stack: _stack, ...call } = snapshot;
  const capture: CaptureView = {
    ...call,
    on: 'throw',
    threw: { type: 'error', class: 'OrderRefused', message: 'too dear', id: 2, properties: [] },
    locals: [{ key: 'order', value: text('ord_7') }],
    lastLine: {
      line: 46,
      column: 7,
      locals: [{ key: 'score', value: { type: 'number', value: 91 } }],
      outers: [{ key: 'LIMIT', value: { type: 'number', value: 85 } }],
    },
  };
  expect(sections(renderCapture(capture, plainStyle))).toEqual([
    ['call', 'threw  OrderRefused #2  "too dear"'],
    ['as it began', 'order  string  "ord_7"'],
    ['last line 46:7', 'score  number  91', 'LIMIT  number  85'],
  ]);
});

test('callers follow the stack, each at the statement that it runs', () => {
  const { self: _none, outers: _outers, watches: _watches, locals: _locals, ...hit } = snapshot;
  const stack = [
    ...(snapshot.stack ?? []),
    { function: 'handle', file: 'src/routes.ts', line: 33, column: 24, async: true },
  ];
  const line = (at: number, key: string) => ({ line: at, column: 5, locals: [{ key, value: text(key) }] });
  const callers = [
    { frame: 1, self: { type: 'object', class: 'Desk', properties: [] } as const, ...line(45, 'draft') },
    { frame: 2, ...line(33, 'request') },
  ];
  expect(sections(renderCapture({ ...hit, stack, callers }, plainStyle)).slice(1)).toEqual([
    ['<anonymous>  src/orders/order-desk.ts:45:5', 'this   Desk    {}', 'draft  string  "draft"'],
    ['async handle  src/routes.ts:33:5', 'request  string  "request"'],
  ]);
});

/** The titles of a capture's sections, with their lines. */
const sections = (rendered: string): string[][] =>
  rendered
    .split('\n\n')
    .slice(1)
    .map((section) => section.split('\n').map((line) => line.slice(line.startsWith('    ') ? 4 : 2)));

test("frames that are not the program's own stay in the background", () => {
  const colors = picocolors.createColors(true);
  const file = '/app/node_modules/fastify/lib/reply.js';
  const stack = [...(snapshot.stack ?? []).slice(0, 1), { function: 'send', file, line: 1, column: 2 }];
  const lines = renderCapture({ ...snapshot, stack }, { ...plainStyle, colors }).split('\n');
  expect(lines.slice(-2)).toEqual([
    '    RiskGate.assess  src/risk/risk-gate.ts:38:5',
    `    ${colors.dim(`send             ${file}:1:2`)}`,
  ]);
});

const log: CaptureView = { ...snapshot, kind: 'log', level: 'warn', message: 'order ord_7\ncosts 48212.5' };

test('a log is one line', () => {
  expect(renderLogLine(log, plainStyle)).toBe(
    '09:00:00.123 warn  trades/9f2c41 risk-gate.ts:38 order ord_7\\ncosts 48212.5',
  );
});

test('the capture of a log shows its lines', () => {
  const { locals: _locals, outers: _outers, watches: _watches, self: _self, stack: _stack, ...rest } = log;
  expect(renderCapture(rest, plainStyle).split('\n').slice(2)).toEqual([
    '',
    '  message',
    '    order ord_7',
    '    costs 48212.5',
  ]);
});

test.each<[string, CapturedValue, string]>([
  ['undefined', { type: 'undefined' }, 'x  undefined  undefined'],
  ['null', { type: 'null' }, 'x  null  null'],
  ['a boolean', { type: 'boolean', value: false }, 'x  boolean  false'],
  ['a string that looks like a boolean', text('true'), 'x  string  "true"'],
  ['a string with quotes', text('say "hi" \\ bye'), 'x  string  "say \\"hi\\" \\\\ bye"'],
  ['negative zero', { type: 'number', value: '-0' }, 'x  number  -0'],
  ['a bigint', { type: 'bigint', value: '12n' }, 'x  bigint  12n'],
  ['a date', { type: 'date', value: '2026-01-05T09:00:00.000Z' }, 'x  Date  2026-01-05T09:00:00.000Z'],
  ['a regular expression', { type: 'regexp', value: '/a+/g' }, 'x  RegExp  /a+/g'],
  ['a function', { type: 'function', name: 'price', class: false }, 'x  function  price'],
  ['a class', { type: 'function', name: '', class: true }, 'x  class  <anonymous>'],
  ['a promise', { type: 'promise' }, 'x  Promise  not opened'],
  ['an accessor', { type: 'accessor' }, 'x  accessor  not run'],
  ['an object without a prototype', { type: 'object', class: null, properties: [] }, 'x  [no prototype]  {}'],
  [
    'bytes',
    {
      type: 'binary',
      class: 'Buffer',
      byteLength: 900,
      items: [1, 2],
      omitted: { reason: 'collectionSize', count: 898 },
    },
    'x  Buffer(900 bytes)  1 2 ‹898 more items not captured›',
  ],
  [
    'a long string',
    { type: 'string', value: 'abc', length: 3_003, omitted: { reason: 'stringLength', count: 3_000 } },
    'x  string  "abc" ‹3,000 more characters not captured›',
  ],
  [
    'an object that was too deep',
    { type: 'object', class: 'Account', properties: [], omitted: { reason: 'depth' } },
    'x  Account  ‹deeper levels not captured›',
  ],
  [
    'a variable that is not there yet',
    { type: 'omitted', omitted: { reason: 'uninitialised' } },
    'x  ‹not initialised yet›',
  ],
])('%s', (_what, value, expected) => {
  expect(renderValues([valueRow('x', value)], plainStyle, '')).toEqual([expected]);
});

test('a map shows simple keys in place, and others as values of their own', () => {
  const account: CapturedValue = {
    type: 'object',
    class: 'Account',
    properties: [{ key: 'id', value: text('a001') }],
  };
  const map: CapturedValue = {
    type: 'map',
    class: 'Map',
    size: 5,
    entries: [
      [text('ALDR'), { type: 'number', value: 44 }],
      [account, { type: 'boolean', value: true }],
    ],
    omitted: { reason: 'collectionSize', count: 3 },
  };
  expect(renderValues([valueRow('positions', map)], plainStyle, '')).toEqual([
    'positions  Map(5)',
    '  "ALDR"   number   44',
    '  key 1    Account',
    '    id  string  "a001"',
    '  value 1  boolean  true',
    '  …                 ‹3 more items not captured›',
  ]);
});

test('an error shows its message, stack, cause and further properties', () => {
  const error: CapturedValue = {
    type: 'error',
    class: 'OrderRefused',
    message: 'no',
    stack: 'OrderRefused: no\n    at assess (risk-gate.ts:43:15)',
    cause: { type: 'undefined' },
    properties: [{ key: 'code', value: text('FRAUD') }],
  };
  expect(renderValues([valueRow('error', error)], plainStyle, '')).toEqual([
    'error  OrderRefused  "no"',
    '  stack',
    '    OrderRefused: no',
    '    at assess (risk-gate.ts:43:15)',
    '  cause  undefined  undefined',
    '  code   string     "FRAUD"',
  ]);
});

test('a long value is wrapped under itself', () => {
  const narrow: Style = { ...plainStyle, width: 40 };
  expect(renderValues([valueRow('note', text('x'.repeat(40)))], narrow, '  ')).toEqual([
    `  note  string  "${'x'.repeat(23)}`,
    `                ${'x'.repeat(17)}"`,
  ]);
});

test('nothing that a process sends reaches the terminal as a control sequence', () => {
  const evil = '\u001b]0;owned\u0007\u009b31m\u202e\u200b\u2028\ud800';
  const value: CapturedValue = {
    type: 'object',
    class: evil,
    properties: [
      { key: evil, value: text(evil) },
      { key: 'fn', value: { type: 'function', name: evil, class: false } },
      { key: 'no', value: { type: 'redacted', rule: evil } },
      { key: 'err', value: { type: 'error', class: evil, message: evil, stack: evil, properties: [] } },
      {
        key: 'map',
        value: {
          type: 'map',
          class: evil,
          size: 1,
          entries: [[text(evil), { type: 'symbol', value: evil }]],
        },
      },
      { key: 'bin', value: { type: 'binary', class: evil, byteLength: 1, items: [evil] } },
      { key: 'new', value: { type: evil } as unknown as CapturedValue },
    ],
  };
  const capture: CaptureView = {
    ...log,
    id: evil,
    probe: evil,
    service: evil,
    instance: evil,
    buildId: evil,
    function: evil,
    message: evil,
    location: { file: evil, line: 1, column: 1 },
    self: value,
    locals: [{ key: evil, value }],
    watches: [{ source: evil, error: evil }],
    stack: [{ function: evil, file: evil, line: 1, column: 1 }],
  };
  const printed = `${renderCapture(capture, plainStyle)}\n${renderLogLine(capture, plainStyle)}`;
  expect(printed).toContain('\\x1b]0;owned\\x07\\x9b31m\\u{202e}\\u{200b}\\u{2028}\\u{d800}');
  expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
});

function text(value: string): CapturedValue {
  return { type: 'string', value };
}
