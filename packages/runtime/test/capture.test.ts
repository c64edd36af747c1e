import vm from 'node:vm';
import {
  DEFAULT_CAPTURE_LIMITS,
  LIMITS,
  MAX_CAPTURE_LIMITS,
  type AgentMessage,
  type CapturedValue,
  type CaptureLimits,
} from '@dormouse/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Budget } from '../src/capture/budget.ts';
import { openCapture } from '../src/capture/session.ts';
import { captureSize } from '../src/transport/capture-size.ts';
import { pack } from '../src/transport/codec.ts';
import { logCapture } from './support/commands.ts';

const CASES = Number(process.env['DORMOUSE_CASES'] ?? 500);

/** Enough time that no test depends on the machine. */
const UNHURRIED: CaptureLimits = { ...DEFAULT_CAPTURE_LIMITS, timeMs: 60_000 };

const session = (limits: Partial<CaptureLimits> = {}) => openCapture({ ...UNHURRIED, ...limits });

const capture = (value: unknown, limits?: Partial<CaptureLimits>): CapturedValue =>
  session(limits).value(value);

const number = (value: number): CapturedValue => ({ type: 'number', value });
const text = (value: string): CapturedValue => ({ type: 'string', value });
const object = (fields: Record<string, CapturedValue>, rest: object = {}): CapturedValue => ({
  type: 'object',
  class: 'Object',
  properties: Object.entries(fields).map(([key, value]) => ({ key, value })),
  ...rest,
});
const REDACTED = { type: 'redacted', rule: 'name' } as const;

describe('a captured value', () => {
  class Account {
    balance = 5;
    #secret = 1;
    get spent() {
      return this.#secret;
    }
  }

  it.each<[name: string, value: unknown, captured: CapturedValue]>([
    ['undefined', undefined, { type: 'undefined' }],
    ['null', null, { type: 'null' }],
    ['a boolean', true, { type: 'boolean', value: true }],
    ['a number', 1.5, number(1.5)],
    ['NaN', NaN, { type: 'number', value: 'NaN' }],
    ['Infinity', Infinity, { type: 'number', value: 'Infinity' }],
    ['-Infinity', -Infinity, { type: 'number', value: '-Infinity' }],
    ['-0', -0, { type: 'number', value: '-0' }],
    ['a bigint', 123n, { type: 'bigint', value: '123' }],
    ['a symbol', Symbol('tag'), { type: 'symbol', value: 'Symbol(tag)' }],
    ['a symbol without description', Symbol(), { type: 'symbol', value: 'Symbol()' }],
    ['a string', 'text', text('text')],
    ['a date', new Date(0), { type: 'date', value: '1970-01-01T00:00:00.000Z' }],
    ['an invalid date', new Date(NaN), { type: 'date', value: 'Invalid Date' }],
    ['a regular expression', /a+/giu, { type: 'regexp', value: '/a+/giu' }],
    ['a function', function named() {}, { type: 'function', name: 'named', class: false }],
    [
      'an arrow',
      (
        () => () =>
          1
      )(),
      { type: 'function', name: '', class: false },
    ],
    ['a class', Account, { type: 'function', name: 'Account', class: true }],
    ['an object', { a: 1, b: 'x' }, object({ a: number(1), b: text('x') })],
    ['an instance', new Account(), object({ balance: number(5) }, { class: 'Account' })],
    [
      'an object without prototype',
      Object.assign(Object.create(null), { a: 1 }),
      object({ a: number(1) }, { class: null }),
    ],
    ['symbols as keys', { [Symbol('k')]: 1 }, object({ 'Symbol(k)': number(1) })],
    [
      'a getter',
      {
        get a() {
          return 1;
        },
      },
      object({ a: { type: 'accessor' } }),
    ],
    ['a setter', { set a(_: unknown) {} }, object({ a: { type: 'accessor' } })],
    [
      'an array',
      [1, [2]],
      {
        type: 'array',
        class: 'Array',
        length: 2,
        items: [number(1), { type: 'array', class: 'Array', length: 1, items: [number(2)] }],
      },
    ],
    ['holes', [, 1], { type: 'array', class: 'Array', length: 2, items: [{ type: 'undefined' }, number(1)] }], // oxlint-disable-line no-sparse-arrays -- the case
    [
      'arguments',
      (
        function () {
          return arguments;
        } as (...args: unknown[]) => unknown
      )(1),
      object({ 0: number(1) }),
    ], // oxlint-disable-line prefer-rest-params -- the case
    [
      'a Map',
      new Map<unknown, unknown>([
        ['a', 1],
        [{ b: 1 }, 2],
      ]),
      {
        type: 'map',
        class: 'Map',
        size: 2,
        entries: [
          [text('a'), number(1)],
          [object({ b: number(1) }), number(2)],
        ],
      },
    ],
    ['a Set', new Set([1, 'x']), { type: 'set', class: 'Set', size: 2, items: [number(1), text('x')] }],
    ['a Buffer', Buffer.from([1, 2]), { type: 'binary', class: 'Buffer', byteLength: 2, items: [1, 2] }],
    [
      'floats',
      Float64Array.of(0.5, NaN, -0),
      { type: 'binary', class: 'Float64Array', byteLength: 24, items: [0.5, 'NaN', '-0'] },
    ],
    [
      'bigints',
      BigInt64Array.of(5n),
      { type: 'binary', class: 'BigInt64Array', byteLength: 8, items: ['5'] },
    ],
    [
      'an ArrayBuffer',
      Uint8Array.of(7).buffer,
      { type: 'binary', class: 'ArrayBuffer', byteLength: 1, items: [7] },
    ],
    [
      'a DataView',
      new DataView(Uint8Array.of(7, 8, 9).buffer, 1),
      { type: 'binary', class: 'DataView', byteLength: 2, items: [8, 9] },
    ],
    [
      'shared memory',
      new SharedArrayBuffer(1),
      { type: 'binary', class: 'SharedArrayBuffer', byteLength: 1, items: [0] },
    ],
    ['a promise', Promise.resolve(1), { type: 'promise' }],
    ['a WeakMap', new WeakMap(), { type: 'weakmap' }],
    ['a WeakSet', new WeakSet(), { type: 'weakset' }],
    ['a WeakRef', new WeakRef({}), { type: 'weakref' }],
    ['a proxy', new Proxy({}, {}), { type: 'proxy' }],
    ['a boxed string', new String('abc'), object({ '[[PrimitiveValue]]': text('abc') }, { class: 'String' })],
    [
      'a boxed symbol',
      Object(Symbol('x')),
      object({ '[[PrimitiveValue]]': { type: 'symbol', value: 'Symbol(x)' } }, { class: 'Symbol' }),
    ],
    [
      'a URL',
      new URL('https://ada:secret@shop.example/a?b=1'),
      object({ '[[Text]]': text('https://[redacted:credentials]@shop.example/a?b=1') }, { class: 'URL' }),
    ],
    [
      'the parameters of a URL',
      new URLSearchParams('b=1&token=hunter2'),
      object({ '[[Text]]': text('b=1&token=[redacted:name]') }, { class: 'URLSearchParams' }),
    ],
    ['what keeps to itself', new Headers({ a: 'b' }), object({}, { class: 'Headers' })],
    ['what claims to be a URL', Object.create(URL.prototype), object({}, { class: 'URL' })],
    [
      'another realm’s',
      vm.runInNewContext('({ list: [1] })'),
      object({ list: { type: 'array', class: 'Array', length: 1, items: [number(1)] } }),
    ],
  ])('shows %s', (_, value, captured) => {
    const walk = session();
    expect(walk.value(value)).toStrictEqual(captured);
    expect(walk.incomplete).toBe(false);
    expect(JSON.parse(JSON.stringify(captured))).toStrictEqual(captured);
  });

  it.runIf('Temporal' in globalThis)('shows a time of Temporal', () => {
    const { Instant } = (
      globalThis as unknown as { Temporal: Record<string, { from(text: string): unknown }> }
    ).Temporal as { Instant: { from(text: string): unknown } };
    expect(capture(Instant.from('2026-01-01T00:00:00Z'))).toEqual(
      object({ '[[Text]]': text('2026-01-01T00:00:00Z') }, { class: 'Instant' }),
    );
  });

  it('shows an error with message, stack, cause and properties', () => {
    const own = Error.prepareStackTrace;
    Error.prepareStackTrace = undefined as never; // The test runner has its own.
    try {
      const error = Object.assign(new RangeError('too far', { cause: new Error('root') }), { code: 'E_FAR' });
      const captured = capture(error);
      expect(captured).toMatchObject({
        type: 'error',
        class: 'RangeError',
        message: 'too far',
        stack: expect.stringMatching(/^RangeError: too far\n {4}at /),
        cause: { type: 'error', message: 'root' },
        properties: [{ key: 'code', value: text('E_FAR') }],
      });
      expect(capture(new AggregateError([new Error('one')], 'all'))).toMatchObject({
        message: 'all',
        properties: [{ key: 'errors', value: { type: 'array', items: [{ type: 'error', message: 'one' }] } }],
      });
    } finally {
      Error.prepareStackTrace = own;
    }
  });
});

describe('identity', () => {
  it('shows a cycle as a reference', () => {
    const node: Record<string, unknown> = { a: 1 };
    node['self'] = node;
    expect(capture(node)).toStrictEqual(
      object({ a: number(1), self: { type: 'reference', id: 1 } }, { id: 1 }),
    );
  });

  it('shows what two variables share once', () => {
    const shared = { a: 1 };
    const walk = session();
    expect(walk.variable('first', shared).value).toStrictEqual(object({ a: number(1) }));
    const first = walk.variable('again', shared).value;
    expect(first).toStrictEqual({ type: 'reference', id: 1 });
  });

  it('shows again in full what was met deeper before', () => {
    const inner = { a: { b: { c: 1 } } };
    const walk = session({ depth: 3 });
    walk.variable('outer', { x: { inner } });
    expect(walk.variable('inner', inner).value).toMatchObject(
      object({ a: object({ b: object({ c: number(1) }) }) }),
    );
    expect(walk.variable('same', inner).value).toEqual({ type: 'reference', id: expect.any(Number) });
  });

  it('shows each object where it is nearest', () => {
    const shared = { deep: { deeper: { deepest: 1 } } };
    const captured = capture({ far: { away: { shared } }, shared }, { depth: 5 });
    const [far, near] = (captured as Extract<CapturedValue, { type: 'object' }>).properties;
    expect(JSON.stringify(near)).toContain('deepest');
    expect(JSON.stringify(far)).not.toContain('deepest');
  });
});

describe('limits', () => {
  it('depth', () => {
    const value = { a: { b: { c: 1 } }, list: [], full: [1] };
    const walk = session({ depth: 2 });
    expect(walk.value(value)).toStrictEqual(
      object({
        a: object({ b: object({}, { omitted: { reason: 'depth' } }) }),
        list: { type: 'array', class: 'Array', length: 0, items: [] },
        full: { type: 'array', class: 'Array', length: 1, items: [number(1)] },
      }),
    );
    expect(walk.incomplete).toBe(true);
    expect(capture(value, { depth: 0 })).toStrictEqual(object({}, { omitted: { reason: 'depth' } }));
  });

  it('fields', () => {
    expect(capture({ a: 1, b: 2, c: 3 }, { fields: 2 })).toStrictEqual(
      object({ a: number(1), b: number(2) }, { omitted: { reason: 'fieldCount', count: 1 } }),
    );
    expect(capture({ a: 1, b: 2 }, { fields: 2 })).not.toHaveProperty('omitted');
  });

  it.each<[string, unknown, object]>([
    ['an array', [1, 2, 3], { items: [number(1), number(2)], length: 3 }],
    ['a Set', new Set([1, 2, 3]), { items: [number(1), number(2)], size: 3 }],
    [
      'a Map',
      new Map([
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
      {
        entries: [
          [number(1), number(1)],
          [number(2), number(2)],
        ],
        size: 3,
      },
    ],
    ['bytes', Uint8Array.of(1, 2, 3), { items: [1, 2], byteLength: 3 }],
  ])('items of %s', (_, value, shown) => {
    expect(capture(value, { items: 2 })).toMatchObject({
      ...shown,
      omitted: { reason: 'collectionSize', count: 1 },
    });
    expect(capture(value, { items: 3 })).not.toHaveProperty('omitted');
  });

  it('length of strings, between characters', () => {
    expect(capture('abcdef', { stringLength: 4 })).toStrictEqual({
      type: 'string',
      value: 'abcd',
      length: 6,
      omitted: { reason: 'stringLength', count: 2 },
    });
    expect(capture('abc😀', { stringLength: 4 })).toMatchObject({ value: 'abc' });
    expect(capture('abcd', { stringLength: 4 })).toStrictEqual(text('abcd'));
  });

  it('does not open a text that may have to be copied as a whole', () => {
    const length = 100_000_000;
    expect(capture('x'.repeat(length))).toStrictEqual({
      type: 'string',
      value: '',
      length,
      omitted: { reason: 'stringLength', count: length },
    });
  });

  it('nodes, of which each variable leaves half', () => {
    const wide = () => Array.from({ length: 100 }, (_, index) => ({ index }));
    const walk = session({ nodes: 100, items: 1_000 });
    const first = walk.variable('first', wide());
    const second = walk.variable('second', wide());
    const flag = walk.variable('flag', true);
    expect(nodesOf(first.value)).toBeLessThanOrEqual(51);
    expect(first.value).toMatchObject({ items: { length: 49 }, omitted: { reason: 'nodeCount', count: 51 } });
    expect(second.value).toMatchObject({ omitted: { reason: 'nodeCount' } });
    expect(nodesOf(second.value)).toBeGreaterThan(10);
    expect(flag.value).toEqual({ type: 'boolean', value: true });
  });

  it('time', () => {
    const walk = session({ timeMs: 0, nodes: 50_000, items: 10_000 });
    while (performance.now() % 1 > 0.5) continue;
    const captured = walk.value(Array.from({ length: 10_000 }, (_, index) => ({ index })));
    expect(captured).toMatchObject({ type: 'array', length: 10_000, omitted: { reason: 'timeout' } });
    expect(walk.variable('flag', true).value).toEqual({ type: 'boolean', value: true });
  });

  it('time, in which one pause of the machine does not count', () => {
    const pause = (ms: number): void => {
      for (const end = performance.now() + ms; performance.now() < end;);
    };
    const budget = new Budget({ ...UNHURRIED, timeMs: 10 });
    budget.startVariable();
    pause(20);
    budget.lookAtClock();
    expect(budget.exhausted).toBeUndefined();
    pause(20);
    budget.lookAtClock();
    expect(budget.exhausted).toBe('timeout');
  });

  it.each<[string, (text: string) => unknown]>([
    ['objects of a class with a long name', (text) => new { [text]: class {} }[text]!()],
    ['functions with long names', (text) => ({ [text]: () => {} })[text]],
    ['symbols with long names', (text) => Symbol(text)],
    ['errors with long messages', (text) => new Error(text)],
    ['long patterns', (text) => new RegExp(text)],
    ['long keys', (text) => ({ [text]: 1 })],
    ['large numbers', () => 7n ** 1_000n],
    ['dates', () => new Date(0)],
  ])('bytes of %s, which are estimated well', (_, make) => {
    const walk = session({ ...MAX_CAPTURE_LIMITS, timeMs: 60_000 });
    const { value } = walk.variable(
      'values',
      Array.from({ length: 5_000 }, (_, index) => make(`n${index}_${'x'.repeat(1_000)}`)),
    );
    const size = pack({ locals: [{ key: 'values', value }] } as unknown as AgentMessage).byteLength;
    expect(size).toBeLessThan(LIMITS.captureBytes);
    expect(walk.bytes / size).toBeGreaterThan(0.7);
    expect(walk.bytes / size).toBeLessThan(1.5);
  });

  it('bytes, as few as were asked for', () => {
    const walk = session({ bytes: 2_000 });
    const rows = walk.variable(
      'rows',
      Array.from({ length: 90 }, (_, index) => ({ index, text: 'x'.repeat(50) })),
    );
    const flag = walk.variable('flag', true);
    expect(rows.value).toMatchObject({ type: 'array', length: 90, omitted: { reason: 'payloadTooLarge' } });
    expect(captureSize(logCapture(0, { locals: [rows, flag] }))).toBeLessThan(3_000);
    expect(walk.incomplete).toBe(true);
  });

  it('bytes, so that no capture is too large to be sent', () => {
    const limits = { ...MAX_CAPTURE_LIMITS, timeMs: 60_000 };
    const text = 'ä'.repeat(60_000);
    const walk = session(limits);
    const captured = [
      walk.variable(
        'texts',
        Array.from({ length: 10_000 }, (_, index) => text + index),
      ),
      walk.variable(
        'small',
        Array.from({ length: 10_000 }, (_, index) => ({ index, [`key${index}`]: 'x' })),
      ),
      walk.variable('text', text),
      walk.variable(
        'bytes',
        Array.from({ length: 10_000 }, () => new Uint8Array(10_000).fill(200)),
      ),
    ];
    const size = captureSize(logCapture(0, { locals: captured }));
    expect(size).toBeGreaterThan(LIMITS.captureBytes / 2);
    expect(size).toBeLessThan(LIMITS.captureBytes);
    expect(captured.map(({ value }) => 'omitted' in value && value.omitted?.reason)).toEqual(
      captured.map(() => 'payloadTooLarge'),
    );
  });

  it('a bigint that would take long to write', () => {
    expect(capture(1n << 1_000_000n)).toEqual({ type: 'omitted', omitted: { reason: 'stringLength' } });
  });
});

describe('redaction', () => {
  it.each<[string, unknown, CapturedValue]>([
    ['fields', { user: 'ada', Pass_Word: 'x' }, object({ user: text('ada'), Pass_Word: REDACTED })],
    [
      'getters',
      {
        get token() {
          return 'x';
        },
      },
      object({ token: REDACTED }),
    ],
    ['symbols', { [Symbol('api-key')]: 'x' }, object({ 'Symbol(api-key)': REDACTED })],
    [
      'Map keys',
      new Map([['authorization', 'x']]),
      { type: 'map', class: 'Map', size: 1, entries: [[text('authorization'), REDACTED]] },
    ],
    [
      'names and values in turn',
      ['Host', 'h', 'Cookie', 'a=b'],
      {
        type: 'array',
        class: 'Array',
        length: 4,
        items: [text('Host'), text('h'), text('Cookie'), REDACTED],
      },
    ],
    ['pairs', { name: 'secret', value: 'x' }, object({ name: text('secret'), value: REDACTED })],
    ['pairs by key', { key: 'otp', value: 1 }, object({ key: text('otp'), value: REDACTED })],
    ['texts', { a: 'mail ada@example.com' }, object({ a: text('mail [redacted:email]') })],
    ['whole texts', '4111 1111 1111 1111', { type: 'redacted', rule: 'card' }],
    ['numbers', 4111111111111111, { type: 'redacted', rule: 'card' }],
    ['bigints', 4111111111111111n, { type: 'redacted', rule: 'card' }],
    ['keys', { 'ada@example.com': 1 }, object({ '[redacted:email]': number(1) })],
    [
      'symbols’ descriptions',
      Symbol('ada@example.com'),
      { type: 'symbol', value: 'Symbol([redacted:email])' },
    ],
    ['bytes', Buffer.from('no 4111111111111111'), { type: 'redacted', rule: 'binary' }],
    [
      'boxed texts',
      new String('4111111111111111'),
      object({ '[[PrimitiveValue]]': { type: 'redacted', rule: 'card' } }, { class: 'String' }),
    ],
    [
      'patterns',
      /ada@example\.com|bob@example.com/,
      { type: 'regexp', value: '/ada@example\\.com|[redacted:email]/' },
    ],
    ['the environment', { env: process.env }, object({ env: { type: 'redacted', rule: 'environment' } })],
  ])('covers %s', (_, value, captured) => {
    expect(capture(value)).toStrictEqual(captured);
  });

  it('covers variables', () => {
    expect(session().variable('apiKey', 'x')).toEqual({ key: 'apiKey', value: REDACTED });
  });

  it('covers errors', () => {
    const captured = JSON.stringify(
      capture(Object.assign(new Error('no ada@example.com'), { detail: 'password=hunter2' })),
    );
    expect(captured).toContain('[redacted:email]');
    expect(captured).not.toMatch(/ada@example|hunter2/);
  });

  it('recognises a secret that the limit would cut', () => {
    const captured = capture(`${'x'.repeat(1_010)} 4111 1111 1111 1111 ${'y'.repeat(500)}`);
    expect(JSON.stringify(captured)).not.toContain('4111');
    expect(capture(`${' '.repeat(95)}4111111111111111`.split('').map((c) => c.charCodeAt(0)))).toBeDefined();
    expect(capture(Buffer.from(`${' '.repeat(95)}4111111111111111`))).toEqual({
      type: 'redacted',
      rule: 'binary',
    });
  });
});

describe("the program's code", () => {
  const own = Error.prepareStackTrace;
  afterEach(() => void (Error.prepareStackTrace = own));

  it('is never run', () => {
    const touched: string[] = [];
    const touch = (what: string) => () => {
      touched.push(what);
      return 'touched';
    };
    const loud = { get: touch('get'), enumerable: true };
    const conversions = {
      toString: touch('toString'),
      valueOf: touch('valueOf'),
      toJSON: touch('toJSON'),
      [Symbol.toPrimitive]: touch('toPrimitive'),
      [Symbol.iterator]: touch('iterator'),
      then: touch('then'),
    };
    const traps = new Proxy({}, { get: (_, trap) => touch(`trap ${String(trap)}`) });
    const proxy = new Proxy(function () {}, traps);
    class Loud extends Map<unknown, unknown> {
      override get size() {
        return touch('size')() as never;
      }
      override get = touch('Map get');
      override entries = touch('entries') as never;
      override [Symbol.iterator] = touch('Map iterator') as never;
    }
    const values: unknown[] = [
      conversions,
      proxy,
      Object.create(proxy),
      Object.create({
        get constructor() {
          return touch('constructor')();
        },
      }),
      Object.create({ constructor: proxy }),
      Object.create({ constructor: Object.defineProperty(class {}, 'name', loud) }),
      Object.defineProperties(
        {},
        {
          length: loud,
          size: loud,
          name: loud,
          value: loud,
          message: loud,
          stack: loud,
          cause: loud,
          [Symbol.toStringTag]: loud,
        },
      ),
      Object.defineProperties([1, 2, 3], { 1: loud, constructor: loud, [Symbol.iterator]: loud }),
      Object.defineProperties(new Error('x'), { name: loud, message: loud, cause: loud, errors: loud }),
      new (class extends Error {
        override get name() {
          return touch('name')();
        }
      })(),
      Object.assign(new Error('x'), { message: conversions, name: conversions }),
      new Loud([[1, 2]]),
      Object.defineProperties(new Date(0), { getTime: loud, toISOString: loud, constructor: loud }),
      Object.defineProperties(/x/g, { source: loud, flags: loud, exec: loud, global: loud }),
      Object.defineProperties(Uint8Array.of(1), { length: loud, byteLength: loud, constructor: loud }),
      Object.defineProperties(Promise.resolve(), { then: loud }),
      Object.defineProperties(function () {}, { name: loud, prototype: { value: proxy } }),
      Object.defineProperties(new String('x'), { valueOf: loud, toString: loud }),
      Object.setPrototypeOf([], null),
      Object.setPrototypeOf(new Map(), null),
      new Map([
        [proxy, proxy],
        [conversions, conversions],
      ] as [unknown, unknown][]),
      Symbol.prototype,
      Map.prototype,
      Date.prototype,
      RegExp.prototype,
      Uint8Array.prototype,
      globalThis,
      Object.getPrototypeOf(new Map().entries()),
    ];
    touched.length = 0;
    const walk = session({ ...MAX_CAPTURE_LIMITS, timeMs: 60_000 });
    for (const value of values) {
      expect(() => walk.value(value)).not.toThrow();
      expect(() => walk.variable('v', { value })).not.toThrow();
    }
    Error.prepareStackTrace = touch('prepareStackTrace') as never;
    expect(capture(new Error('x'))).toMatchObject({
      message: 'x',
      properties: [{ key: 'stack', value: { type: 'accessor' } }],
    });
    expect(touched).toEqual([]);
  });

  it('is not run where built-ins are patched', () => {
    const patched: string[] = [];
    const { defineProperty, getOwnPropertyDescriptor } = Object;
    const owners: [object, PropertyKey][] = [
      [Array.prototype, 'push'],
      [Array.prototype, 'map'],
      [Array.prototype, 'includes'],
      [Array.prototype, Symbol.iterator],
      [Map.prototype, 'get'],
      [Map.prototype, 'set'],
      [Map.prototype, 'entries'],
      [Map.prototype, Symbol.iterator],
      [Set.prototype, 'values'],
      [Set.prototype, 'has'],
      [WeakMap.prototype, 'get'],
      [Object.getPrototypeOf(new Map().entries()), 'next'],
      [Object.getPrototypeOf([].values()), 'next'],
      [String.prototype, 'slice'],
      [String.prototype, 'replace'],
      [String.prototype, 'toLowerCase'],
      [String.prototype, 'charCodeAt'],
      [String.prototype, 'startsWith'],
      [RegExp.prototype, 'exec'],
      [RegExp.prototype, 'test'],
      [Date.prototype, 'getTime'],
      [Date.prototype, 'toISOString'],
      [Object, 'keys'],
      [Object, 'getOwnPropertyDescriptor'],
      [Object, 'getPrototypeOf'],
      [Object, 'getOwnPropertySymbols'],
      [Object, 'hasOwn'],
      [Reflect, 'apply'],
      [Math, 'min'],
      [Math, 'trunc'],
      [Array, 'isArray'],
      [Function.prototype, 'call'],
      [Function.prototype, 'apply'],
      [performance, 'now'],
      [globalThis, 'Uint8Array'],
    ];
    const originals = owners.map(([owner, key]) => getOwnPropertyDescriptor(owner, key));
    const value = {
      a: [1, 'ada@example.com'],
      m: new Map([['password', 1]]),
      s: new Set([1]),
      d: new Date(0),
      r: /x/,
      b: Buffer.from('ab'),
      e: new Error('x'),
      [Symbol('s')]: 1,
      n: 4111111111111111,
      x: 'password=1',
    };
    const before = JSON.stringify(capture(value));
    let after = '';
    try {
      for (let index = 0; index < owners.length; index++) {
        const owner = owners[index]!;
        const patch = () => {
          patched[patched.length] = owner[1] as string;
        };
        defineProperty(owner[0], owner[1], { configurable: true, writable: true, value: patch });
      }
      const captured = openCapture(UNHURRIED).value(value);
      for (let index = 0; index < owners.length; index++) restore(index);
      after = JSON.stringify(captured);
    } finally {
      for (let index = 0; index < owners.length; index++) restore(index);
    }
    function restore(index: number): void {
      const owner = owners[index]!;
      const original = originals[index];
      if (original) defineProperty(owner[0], owner[1], original);
      else delete (owner[0] as Record<PropertyKey, unknown>)[owner[1]];
    }
    expect(patched).toEqual([]);
    expect(after).toBe(before);
  });
});

describe('any value', () => {
  /** Calls of the program's code while something is captured; the generator of values may make some. */
  let calls = 0;
  let isCapturing = false;
  const called = (): undefined => {
    if (isCapturing) calls++;
  };
  const accessor = { get: called, set: called, enumerable: true };
  const conversions = {
    toString: called,
    valueOf: called,
    toJSON: called,
    [Symbol.toPrimitive]: called,
    [Symbol.iterator]: called,
  };
  const trapped = new Proxy({}, { get: () => (isCapturing ? called : undefined) });
  class Loud extends Map<unknown, unknown> {
    override get size(): never {
      return called() as never;
    }
    override entries = called as never;
  }
  /** Values that run code when they are looked at carelessly, around another one. */
  const hostile: readonly ((inner: unknown) => unknown)[] = [
    (inner) => new Proxy({ inner }, trapped),
    (inner) => Object.create(new Proxy({ inner }, trapped), { inner: { value: inner, enumerable: true } }),
    (inner) =>
      Object.defineProperties({ inner }, { name: accessor, value: accessor, [Symbol('s')]: accessor }),
    (inner) => Object.defineProperties([inner, inner], { 1: accessor, constructor: accessor }),
    (inner) => Object.assign(Object.create({ ...conversions, inner }), conversions),
    (inner) => Object.defineProperties(new Error('x', { cause: inner }), { name: accessor, stack: accessor }),
    (inner) => new Loud([[inner, inner]]),
    (inner) => Object.defineProperties(new Date(0), { getTime: accessor, inner: { value: inner } }),
    (inner) => Object.defineProperties(new Uint8Array(2), { length: accessor, inner: { value: inner } }),
    (inner) => {
      const cyclic: Record<string, unknown> = { inner };
      return Object.assign(cyclic, { cyclic, list: [cyclic] });
    },
  ];

  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      true,
      NaN,
      -0,
      5n,
      Symbol('x'),
      new Date(0),
      /x/,
      Math.max,
      new Proxy({}, {}),
      Promise.resolve(),
      new WeakMap(),
      Buffer.from('x'),
    ),
    fc.string(),
    fc.double(),
  );
  const values = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.array(tie('any'), { maxLength: 6 }),
      fc.dictionary(fc.string(), tie('any'), { maxKeys: 6 }),
      fc.array(fc.tuple(tie('any'), tie('any')), { maxLength: 4 }).map((entries) => new Map(entries)),
      fc.array(tie('any'), { maxLength: 4 }).map((items) => new Set(items)),
      tie('any').map((cause) => new Error('failed', { cause })),
      fc.tuple(fc.constantFrom(...hostile), tie('any')).map(([make, inner]) => make(inner)),
    ),
  })).any;
  const limits = fc.record({
    depth: fc.nat(6),
    fields: fc.nat(5),
    items: fc.nat(5),
    stringLength: fc.nat(8),
    nodes: fc.nat(60),
    bytes: fc.nat(5_000),
    timeMs: fc.constant(60_000),
    frames: fc.constant(0),
  });

  it('is captured within the limits, with a reason for all that is missing, and runs nothing', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 3 }), limits, (roots, bounds) => {
        const walk = openCapture(bounds);
        isCapturing = true;
        const captured = roots.map((root) => walk.value(root));
        isCapturing = false;
        expect(calls).toBe(0);
        expect(JSON.parse(JSON.stringify(captured))).toEqual(captured);
        expect(captured.reduce((sum, root) => sum + nodesOf(root), 0)).toBeLessThanOrEqual(
          bounds.nodes + 2 * roots.length,
        );
        const omissions = captured.flatMap(omissionsOf);
        expect(walk.incomplete).toBe(omissions.length > 0);
        for (const root of captured) checkLimits(root, bounds, 0);
      }),
      { numRuns: CASES },
    );
  });
});

type Holder = {
  properties?: { value: CapturedValue }[];
  items?: unknown[];
  entries?: CapturedValue[][];
  cause?: CapturedValue;
};

function childrenOf(value: CapturedValue): CapturedValue[] {
  if (value.type === 'binary') return [];
  const { properties = [], items = [], entries = [], cause } = value as Holder;
  return [
    ...properties.map((property) => property.value),
    ...(items as CapturedValue[]),
    ...entries.flat(),
    ...(cause ? [cause] : []),
  ];
}

const nodesOf = (value: CapturedValue): number =>
  1 + childrenOf(value).reduce((sum, child) => sum + nodesOf(child), 0);

const omissionsOf = (value: CapturedValue): unknown[] => [
  ...('omitted' in value && value.omitted ? [value.omitted] : []),
  ...childrenOf(value).flatMap(omissionsOf),
];

function checkLimits(value: CapturedValue, bounds: CaptureLimits, level: number): void {
  const children = childrenOf(value);
  if (children.length > 0) expect(level).toBeLessThan(bounds.depth);
  if (value.type === 'object') expect(value.properties.length).toBeLessThanOrEqual(bounds.fields);
  if (value.type === 'array' || value.type === 'set' || value.type === 'binary')
    expect(value.items.length).toBeLessThanOrEqual(bounds.items);
  if (value.type === 'map') expect(value.entries.length).toBeLessThanOrEqual(bounds.items);
  if (value.type === 'string' && value.omitted)
    expect(value.value.length).toBeLessThanOrEqual(bounds.stringLength);
  for (const child of children) checkLimits(child, bounds, level + 1);
}
