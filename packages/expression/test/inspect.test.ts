import { afterEach, describe, expect, it } from 'vitest';
import {
  ABSENT,
  ACCESSOR,
  classNameOf,
  isInstanceOf,
  ownKeys,
  PROXY,
  readOwn,
  readProperty,
} from '../src/inspect/index.ts';

describe('reading properties', () => {
  const touched: string[] = [];
  afterEach(() => void (touched.length = 0));
  const touch = (what: string) => () => {
    touched.push(what);
    return what;
  };

  it('gives values, inherited ones too, and marks for what only code could tell', () => {
    const object = Object.create(
      {
        inherited: 1,
        get far() {
          return touch('far')();
        },
      },
      { own: { value: 2 }, near: { get: touch('near') } },
    );
    expect(readOwn(object, 'own')).toBe(2);
    expect(readOwn(object, 'near')).toBe(ACCESSOR);
    expect(readOwn(object, 'inherited')).toBe(ABSENT);
    expect(readProperty(object, 'inherited')).toBe(1);
    expect(readProperty(object, 'far')).toBe(ACCESSOR);
    expect(readProperty(object, 'nope')).toBeUndefined();
    expect(readProperty(new Proxy({}, {}), 'nope')).toBe(PROXY);
    expect(readProperty(Object.create(new Proxy({}, {})), 'nope')).toBe(PROXY);
    expect(touched).toEqual([]);
  });

  it('asks the getters of built-ins, which only tell what is there', () => {
    expect(readProperty(new Map([[1, 2]]), 'size')).toBe(1);
    expect(readProperty(new Float32Array(3), 'byteLength')).toBe(12);
    expect(readProperty(new ArrayBuffer(8), 'byteLength')).toBe(8);
    expect(() => readProperty(Object.create(Map.prototype), 'size')).toThrow(TypeError);
  });

  describe('an error’s stack', () => {
    const own = Error.prepareStackTrace;
    afterEach(() => void (Error.prepareStackTrace = own));

    it('is read where Node writes it', () => {
      Error.prepareStackTrace = undefined as never; // The test runner has its own.
      const error = new TypeError('what');
      expect(readProperty(error, 'stack')).toBe(error.stack);
      expect(readProperty(error, 'stack')).toContain('TypeError: what\n    at ');
      const captured: { stack?: string } = {};
      Error.captureStackTrace(captured);
      expect(readOwn(captured, 'stack')).toContain('    at ');
      expect(readOwn({}, 'stack')).toBe(ABSENT);
      expect(readProperty({}, 'stack')).toBeUndefined();
      expect(readProperty({ stack: 'text' }, 'stack')).toBe('text');
    });

    it('is left alone where the program writes it', () => {
      Error.prepareStackTrace = touch('prepareStackTrace');
      expect(readOwn(new Error('x'), 'stack')).toBe(ACCESSOR);
      expect(readProperty(new Error('x'), 'stack')).toBe(ACCESSOR);
      expect(touched).toEqual([]);
    });

    it('is left alone where its first line is the program’s', () => {
      class Loud extends Error {
        override get name() {
          return touch('name')();
        }
      }
      const message = Object.defineProperty(new Error(), 'message', { get: touch('message') });
      const converted = Object.assign(new Error(), { message: { toString: touch('toString') } });
      for (const error of [new Loud(), message, converted]) expect(readOwn(error, 'stack')).toBe(ACCESSOR);
      expect(touched).toEqual([]);
    });
  });
});

describe('class names', () => {
  class Account {}
  class Savings extends Account {}

  it('are those of the constructors', () => {
    expect(classNameOf(new Savings())).toBe('Savings');
    expect(classNameOf({})).toBe('Object');
    expect(classNameOf([])).toBe('Array');
    expect(classNameOf(Object.create(null))).toBeNull();
    expect(classNameOf(Object.create({}))).toBe('Object');
    expect(classNameOf(new (class {})())).toBe('Object');
    expect(isInstanceOf(new Savings(), 'Account')).toBe(true);
    expect(isInstanceOf(Account.prototype, 'Account')).toBe(false);
    expect(isInstanceOf(new Account(), 'Savings')).toBe(false);
  });

  it('are not asked of code', () => {
    const touched: string[] = [];
    const touch = () => touched.push('touched');
    const hostile = [
      Object.create({
        get constructor() {
          return touch();
        },
      }),
      Object.create({
        constructor: new Proxy(class {}, { get: touch, getOwnPropertyDescriptor: touch as never }),
      }),
      Object.create({ constructor: Object.defineProperty(class {}, 'name', { get: touch }) }),
      Object.create({ constructor: 'text' }),
      new (class {
        static name() {
          return touch();
        }
      } as unknown as new () => object)(),
    ];
    for (const object of hostile) {
      expect(classNameOf(object)).toBe('Object');
      expect(isInstanceOf(object, 'Nope')).toBe(false);
    }
    expect(isInstanceOf(new Proxy({}, {}), 'Object')).toBeUndefined();
    expect(touched).toEqual([]);
  });
});

describe('ownKeys', () => {
  const filled = (count: number, key: (index: number) => PropertyKey) => {
    const object: Record<PropertyKey, number> = {};
    for (let index = 0; index < count; index++) object[key(index)] = index;
    return object;
  };

  it('lists enumerable names and all symbols', () => {
    const symbol = Symbol('s');
    const object = Object.defineProperty({ b: 1, 2: 1, [symbol]: 1 }, 'hidden', { value: 1 });
    expect(ownKeys(object, 10)).toEqual({ names: ['2', 'b'], symbols: [symbol], complete: true });
  });

  it('lists some thousands of keys', () => {
    expect(
      ownKeys(
        filled(5_000, (index) => `k${index}`),
        10,
      ).names,
    ).toHaveLength(5_000);
  });

  it('does not begin to list a million', () => {
    const object = filled(1_000_000, (index) => `k${index}`);
    expect(ownKeys(object, 10)).toEqual({ names: [], symbols: [], complete: false });
    // The best of some: the machine may pause at any of them, and a list of a million takes more than all together.
    const times = Array.from({ length: 100 }, () => {
      const started = performance.now();
      ownKeys(object, 10);
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(0.5);
  });

  it('shows the beginning of a dense range of integers', () => {
    expect(
      ownKeys(
        filled(100_000, (index) => index),
        3,
      ),
    ).toEqual({ names: ['0', '1', '2'], symbols: [], complete: false });
    expect(ownKeys(new Float64Array(1_000_000), 2).names).toEqual(['0', '1']);
    expect(ownKeys(new String('x'.repeat(1_000_000)), 2).names).toEqual(['0', '1']);
  });

  it.each<[string, (index: number) => number, string[]]>([
    ['near 0, with gaps', (index) => index * 3 + 1, ['1', '4']],
    ['near 0, with large gaps', (index) => index * 8 + 3, ['3', '11']],
    ['as a database counts', (index) => 1_000_000 + index, []],
    ['far apart', (index) => (index * 2_654_435_761) % 4_294_967_291, ['0']],
  ])('does not begin to list a million integers %s', (_, key, first) => {
    const object = filled(1_000_000, key);
    const { names, complete } = ownKeys(object, 2);
    expect(complete).toBe(false);
    expect(names.slice(0, first.length)).toEqual(first);
  });

  it('remembers an object of many integers', () => {
    const object = filled(30_000, (index) => 100_000 + index * 977);
    ownKeys(object, 10);
    expect(ownKeys(object, 10)).toEqual({ names: [], symbols: [], complete: false });
  });
});
