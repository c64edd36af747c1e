import { LIMITS } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { compile, EvaluationError, verify } from '../src/evaluate/index.ts';
import { METHODS, NAMESPACES } from '../src/language/builtins.ts';
import { parseExpression } from '../src/parse/index.ts';

type Scope = Readonly<Record<string, unknown>>;

function evaluate(source: string, scope: Scope = {}): unknown {
  const names = Object.keys(scope);
  const slots = new Map(names.map((name, index) => [name, index]));
  return compile(verify(parseExpression(source).tree), slots)(names.map((name) => scope[name]));
}

/** The text of the error with which an evaluation fails. */
function failure(source: string, scope: Scope = {}): string {
  try {
    evaluate(source, scope);
  } catch (error) {
    expect(error).toBeInstanceOf(EvaluationError);
    return (error as Error).message;
  }
  throw new Error(`${source} has a value`);
}

/** What JavaScript itself makes of the expression. */
const inJavaScript = (source: string, scope: Scope): unknown =>
  new Function(...Object.keys(scope), `return (${source});`)(...Object.values(scope));

const SCOPE: Scope = {
  zero: 0,
  one: 1,
  minus: -7.5,
  big: 12_345_678_901_234_567_890n,
  small: 3n,
  text: 'Dormouse sleeps',
  digits: '42',
  empty: '',
  yes: true,
  no: false,
  nothing: null,
  missing: undefined,
  nan: NaN,
  symbol: Symbol.for('mark'),
  list: [3, 1, 2, NaN, 'x', null, undefined, 3],
  holes: [1, , 3], // oxlint-disable-line no-sparse-arrays -- holes are the case
  nested: [
    { sku: 'a', price: 5 },
    { sku: 'b', price: 7, tags: ['new'] },
  ],
  bytes: Uint8Array.of(1, 2, 250),
  floats: Float64Array.of(0.5, NaN),
  order: { id: 7, user: { name: 'Ada', address: null }, 'odd key': 1, 5: 'five' },
  map: new Map<unknown, unknown>([
    ['k', 1],
    [NaN, 2],
    [3, { deep: true }],
  ]),
  set: new Set<unknown>(['k', NaN]),
  date: new Date(Date.UTC(2026, 10, 21, 10, 20, 30, 123)),
  error: new RangeError('out of range'),
  instance: new (class Account {
    balance = 5;
  })(),
  fn: function named(_a: unknown, _b: unknown) {},
};

describe('evaluation, compared with JavaScript', () => {
  it.each([
    // literals and names
    '1',
    '-0',
    '"a"',
    'null',
    'undefined',
    'NaN',
    'Infinity',
    '-Infinity',
    '10n',
    'true',
    'text',
    'missing',
    'fn',
    // arithmetic
    'one + minus',
    'one - minus',
    'one * minus',
    'one / zero',
    '-one / zero',
    'minus % 2',
    '2 ** 10',
    '5 & 3',
    '5 | 3',
    '5 ^ 3',
    '1 << 4',
    '-16 >> 2',
    '-16 >>> 28',
    '~5',
    '-minus',
    '+digits',
    '+yes',
    '+nothing',
    '+missing',
    '-digits',
    'digits * 2',
    'digits + 1',
    'text + one',
    'yes + yes',
    'nothing + 1',
    'missing + 1',
    'big + small',
    'big * small',
    'big / small',
    'small ** 5n',
    '-small',
    '~small',
    'small << 3n',
    'big % 7n',
    'text + big',
    // comparison
    'one < 2',
    '2 <= 2',
    'digits > 5',
    'text > digits',
    '"a" < "b"',
    'small < 5',
    'small >= "3"',
    'big > 5',
    'missing < 1',
    'nothing >= 0',
    'one === 1',
    'digits === 42',
    'digits == 42',
    'small == 3',
    'small === 3',
    'small == "3"',
    'nothing == missing',
    'nothing == zero',
    'nothing === missing',
    'nan === nan',
    'nan != nan',
    'yes == 1',
    'order == order',
    'order === order',
    'order == nothing',
    'missing != order',
    'symbol === symbol',
    'symbol == symbol',
    'symbol == nothing',
    'empty == zero',
    'no == empty',
    'list === nested',
    'zero === -0',
    // logic
    'yes && text',
    'no && order.x.y',
    'zero || "other"',
    'nothing ?? "other"',
    'zero ?? "other"',
    'one ? text : missing',
    '!order',
    '!empty',
    '!!nan',
    // typeof, in, instanceof
    'typeof one',
    'typeof text',
    'typeof missing',
    'typeof nothing',
    'typeof order',
    'typeof fn',
    'typeof big',
    'typeof symbol',
    'typeof yes',
    '"id" in order',
    '"toString" in order',
    '"nope" in order',
    '5 in order',
    '1 in holes',
    '0 in bytes',
    '"size" in map',
    'error instanceof RangeError',
    'error instanceof Error',
    'error instanceof TypeError',
    'order instanceof Object',
    'one instanceof Number',
    'nothing instanceof Object',
    'fn instanceof Function',
    'map instanceof Map',
    'list instanceof Array',
    'bytes instanceof Uint8Array',
    // members
    'order.id',
    'order["id"]',
    'order["odd key"]',
    'order[5]',
    'order[2 + 3]',
    'order.user.name',
    'order.nope',
    'order.user.nope',
    'text.length',
    'text[0]',
    'text[99]',
    'text["1"]',
    'text.nope',
    'empty.length',
    'list.length',
    'list[0]',
    'list[-1]',
    'list["0"]',
    'holes[1]',
    'bytes.length',
    'bytes[2]',
    'bytes[9]',
    'bytes.byteLength',
    'map.size',
    'set.size',
    'fn.name',
    'fn.length',
    'error.message',
    'error.name',
    'instance.balance',
    'instance.constructor.name',
    'typeof text.includes',
    'one.nope',
    'yes.nope',
    'order[nothing]',
    'order[missing]',
    'order[yes]',
    'big.nope',
    // optional chains
    'nothing?.a',
    'missing?.a.b.c',
    'order?.id',
    'order.user.address?.street',
    'order.user.address?.street.name',
    '(nothing?.a) ?? 1',
    'nothing?.[one]',
    'order.nope?.includes("x")',
    'order.nope?.includes("x").length',
    'nothing?.a.includes(text)',
    '(order?.user).name',
    'text?.length',
    // templates, arrays, objects
    '`a${one}b${text}`',
    '`${nothing} ${missing} ${yes} ${big}`',
    '[one, text, [minus]]',
    '({ a: one, "b c": text, 1: yes })',
    '[one][0]',
    '({ text }).text.length',
    // strings
    'text.at(-1)',
    'text.at(99)',
    'text.charAt(1)',
    'text.charCodeAt(0)',
    'text.codePointAt(0)',
    'text.endsWith("eps")',
    'text.endsWith("e", 4)',
    'text.includes("mouse")',
    'text.includes("D", 1)',
    'text.indexOf("s")',
    'text.indexOf("s", 7)',
    'text.lastIndexOf("s")',
    'digits.padStart(5)',
    'digits.padEnd(5, "ab")',
    'text.slice(2, -2)',
    'text.slice()',
    'text.split(" ")',
    'text.split("", 3)',
    'text.split("s", 2)',
    'text.startsWith("Dor")',
    'text.startsWith("m", 3)',
    'text.substring(5, 2)',
    'text.toLowerCase()',
    'text.toUpperCase()',
    '" a ".trim()',
    '" a ".trimEnd()',
    '" a ".trimStart()',
    'text.toString()',
    'digits.includes(4)',
    'text.includes(missing)',
    // arrays and typed arrays
    'list.at(0)',
    'list.at(-1)',
    'list.at(99)',
    'holes.at(1)',
    'list.includes(NaN)',
    'list.includes(3, 1)',
    'list.includes(3, -1)',
    'holes.includes(undefined)',
    'list.indexOf(3)',
    'list.indexOf(3, 1)',
    'list.indexOf(NaN)',
    'holes.indexOf(undefined)',
    'list.lastIndexOf(3)',
    'list.slice(1, 3)',
    'holes.slice()',
    'list.slice(-2)',
    '[1, 2, 3].join()',
    'holes.join("-")',
    'list.join("+")',
    'bytes.includes(250)',
    'floats.includes(NaN)',
    'bytes.join(" ")',
    'bytes.at(-1)',
    'bytes.indexOf(2)',
    'nested.some(item => item.price > 6)',
    'nested.every(item => item.price > 6)',
    'nested.find(item => item.sku === "b")',
    'nested.findIndex(item => item.sku === "b")',
    'nested.findLast(item => item.price > 1)',
    'nested.filter((item, i) => i === 1)',
    'nested.map(item => item.price * one)',
    'holes.map((item, i) => i)',
    'holes.some(item => item === undefined)',
    'holes.find(item => item === undefined)',
    'holes.filter(item => true)',
    'holes.every(item => item)',
    'nested.some(a => nested.some(b => b.price > a.price))',
    'nested.some(() => yes)',
    'nested.map(item => nested.map(item => item.sku))',
    'nested.find(item => item.tags?.includes("new")).sku',
    'bytes.some(b => b > 200)',
    '[].every(x => x)',
    // Map, Set, Date, numbers
    'map.get("k")',
    'map.get(NaN)',
    'map.get(3).deep',
    'map.has("x")',
    'map.get("x")',
    'set.has(NaN)',
    'date.getTime()',
    'date.toISOString()',
    'date.getUTCHours()',
    'date.getFullYear()',
    'minus.toFixed(2)',
    'minus.toFixed()',
    'minus.toPrecision(1)',
    '(255).toString(16)',
    'big.toString()',
    'yes.toString()',
    // namespaces
    'Math.max(one, minus, digits)',
    'Math.min()',
    'Math.PI',
    'Math.abs(minus)',
    'Math.trunc(digits / 5)',
    'Math.hypot(3, 4)',
    'Number.isInteger(one)',
    'Number.isInteger(text)',
    'Number.isNaN(nan)',
    'Number.isNaN(order)',
    'Number.parseInt(digits, 8)',
    'Number.parseFloat("1.5x")',
    'Number.MAX_SAFE_INTEGER',
    'Array.isArray(list)',
    'Array.isArray(bytes)',
    'Object.keys(order)',
    'Object.keys(list)',
    'Object.hasOwn(order, "id")',
    'Object.hasOwn(order, "toString")',
    'Number.NaN',
    'Number.NEGATIVE_INFINITY',
    'Math.round(minus)',
    'Math.sign(-0)',
  ])('%s', (source) => {
    expect(evaluate(source, SCOPE)).toStrictEqual(inJavaScript(source, SCOPE));
  });

  it('reads `this`', () => {
    expect(evaluate('this.id', { this: { id: 5 } })).toBe(5);
  });

  it('lets a variable hide a namespace, and a parameter a variable', () => {
    expect(evaluate('Math.PI', { Math: { PI: 3 } })).toBe(3);
    expect(evaluate('xs.some(x => x === 2) && x === 9', { xs: [1, 2], x: 9 })).toBe(true);
  });

  it('tells the time', () => {
    expect(Math.abs((evaluate('Date.now()') as number) - Date.now())).toBeLessThan(1_000);
  });
});

describe('an expression that has no value', () => {
  it.each<[source: string, why: string]>([
    ['nothing.a', '`nothing.a`: read from null'],
    ['order.user.address.street', '`order.user.address.street`: read from null'],
    ['missing.a.b', '`missing.a`: read from undefined'],
    ['nothing?.a + missing.b', '`missing.b`: read from undefined'],
    ['order + 1', '`order + 1`: an object would have to be converted'],
    ['list > 1', '`list > 1`: an array would have to be converted'],
    ['instance == 5', 'an object of class Account would have to be converted'],
    ['`${order}`', 'an object would have to be converted'],
    ['-order', 'an object would have to be converted'],
    ['fn + 1', 'a function would have to be converted'],
    ['symbol + ""', 'a symbol has no value'],
    ['`${symbol}`', 'a symbol has no value'],
    ['small + 1', 'mixes a bigint with another type'],
    ['+small', 'Cannot convert a BigInt value to a number'],
    ['small >>> 1n', 'BigInts have no unsigned right shift'],
    ['small / 0n', 'Division by zero'],
    ['2n ** 1000000n', 'raised or shifted by at most 64'],
    ['1n << 100000n', 'raised or shifted by at most 64'],
    ['"a" in text', 'the right side of `in` is a string'],
    ['order in order', 'the left side of `in` is an object'],
    ['order[list]', 'the key is an array'],
    ['one.includes(1)', 'a number has no method `includes`'],
    ['order.includes(1)', 'an object has no method `includes`'],
    ['missing.includes(1)', 'undefined has no method `includes`'],
    ['text.some(c => c)', 'a string has no method `some`'],
    ['text.includes(order)', 'an object would have to be converted'],
    ['list.includes(1, "0")', 'an index is a number'],
    ['nested.join()', 'element 0 is an object'],
    ['text.padEnd(1000000)', 'at most 10000 characters'],
    ['("x".padEnd(5000)).split("")', 'more than 1000 pieces'],
    ['Object.keys(text)', 'a string has no keys'],
    ['minus.toFixed(101)', 'toFixed() digits argument must be between 0 and 100'],
    ['bytes.map(b => b)', 'typed array'],
    ['order["pass" + "word"]', '`password` is a name that redaction protects'],
    ['map.get("tok" + "en")', '`token` is a name that redaction protects'],
  ])('%s', (source, why) => {
    expect(failure(source, SCOPE)).toContain(why);
  });

  it('is refused before it is run where it reads what is not there or must not be read', () => {
    const compiling = (source: string, names: string[]) => () =>
      compile(parseExpression(source).tree, new Map(names.map((name, index) => [name, index])));
    expect(compiling('nope > 1', [])).toThrow('no variable `nope`');
    expect(compiling('password', ['password'])).toThrow('redaction protects');
    expect(compiling('a.password', ['a'])).toThrow('redaction protects');
    expect(compiling('Math', [])).toThrow('no variable `Math`');
  });
});

describe('regular expressions and pieces of texts, compared with JavaScript', () => {
  it.each([
    '/mouse/.test(text)',
    '/^MOUSE/.test(text)',
    '/^dor/i.test(text)',
    '/\\d+/.test(one)',
    '/null/.test(nothing)',
    '/x/.test(missing)',
    '(/s{1,2}/).test(text)',
    '/(o)(x)?/.exec(text)',
    '/(?<first>\\w)(?<second>\\w)/.exec(text).groups.second',
    '/nope/.exec(text)',
    'text.match(/e/)',
    'text.match(/e/g)',
    'text.match(/x*/g)',
    'text.match(/nope/g)',
    'text.match(/(\\w+) (\\w+)/)[2].length',
    'text?.match(/q/)?.[0]',
    'text.search(/s/)',
    'text.search(/q/)',
    'text.replace(/(\\w+) (\\w+)/, "$2 $1 $$ $& $3 $0 $`")',
    'text.replace(/e/g, "[$&$\'$`]")',
    'text.replace(/(?<v>[aeiou])/g, "<$<v>$<none>>")',
    'text.replace(/x*/g, "-")',
    'text.replace("e", "$&$&")',
    'text.replaceAll("e", "$<a>")',
    'text.replaceAll("", "-")',
    'text.replaceAll(/e|o/g, yes)',
    'text.replace("zz", "y")',
    'digits.replace(4, 1)',
    'text.replace(/(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)/, "$11$1$10$12")',
    'text.split("s")',
    'text.split("")',
    'text.split("s", 2)',
    'text.split("s", 0)',
    'text.split("s", -1)',
    'text.split("zz")',
    'text.split(missing)',
    'text.split(/s/)',
    'text.split(/(s)(x)?/)',
    'text.split(/x*/)',
    'text.split(/\\b/)',
    'text.split(/(?:)/, 3)',
    'text.split(/$/)',
    'empty.split("")',
    'empty.split("a")',
    'empty.split(/a/)',
    'empty.split(/a*/)',
    'text.repeat(3)',
    'text.repeat(0)',
    'list.findLastIndex(x => x === 3)',
    'nested.flatMap(x => [x.sku, x.tags])',
    '[1, [2, [3]]].flatMap(x => x)',
    'Object.values(order)',
    'Object.entries(order)',
    'Object.values(order).some(value => value === 7)',
    'Object.is(nan, NaN)',
    'Object.is(zero, -zero)',
    'Date.parse("2026-11-21T10:20:30Z")',
    'minus.toExponential(2)',
  ])('%s', (source) => {
    expect(evaluate(source, SCOPE)).toStrictEqual(inJavaScript(source, SCOPE));
  });

  it.each([
    ['one.match(/x/)', 'a number has no method `match`'],
    ['list.split(/x/)', 'an array has no method `split`'],
    ['/x/.test(order)', 'an object would have to be converted'],
    ['text.replace(/x/, order)', 'an object would have to be converted'],
    ['text.replace(order, "x")', 'an object would have to be converted'],
    ['text.split("s", "2")', 'the limit of `split` is a number'],
    ['text.repeat(100000)', 'at most 10000 characters'],
    ['text.repeat(-1)', 'Invalid count value'],
    ['Object.values(account)', '`password` is a name that redaction protects'],
    ['Object.entries(account)', '`password` is a name that redaction protects'],
    ['Object.values(getter)', '`value` is a getter'],
    ['/(a+)+$/.test(long)', 'steps'],
    ['long.replaceAll("a", long)', 'steps'],
    ['long.match(/(a*)*(a*)*(a*)*b/)', 'steps'],
  ])('%s has no value: %s', (source, why) => {
    const getter = {
      get value() {
        return 1;
      },
    };
    const scope = { ...SCOPE, account: { password: 'x' }, getter, long: 'a'.repeat(1_000_000) };
    expect(failure(source, scope)).toContain(why);
  });

  it('leaves regular expressions and texts of the program alone', () => {
    const prototype = String.prototype as unknown as Record<symbol, unknown>;
    const touched: string[] = [];
    const hooks = [Symbol.split, Symbol.replace, Symbol.match, Symbol.search];
    for (const hook of hooks) {
      const value = () => touched.push(String(hook));
      Object.defineProperty(prototype, hook, { value, configurable: true });
    }
    try {
      evaluate(
        '[text.split("s"), text.replace("s", "x"), text.replaceAll("s", "x"), text.match(/s/g)]',
        SCOPE,
      );
    } finally {
      for (const hook of hooks) delete prototype[hook];
    }
    expect(touched).toEqual([]);
    const source = '[/(m)/.test(text), text.match(/(s)/g), text.split(/(s)/), text.replace(/(s)/, "x")]';
    const program = compile(parseExpression(source).tree, new Map([['text', 0]]));
    /(d)(o)/.exec('dormouse');
    program(['Dormouse sleeps']);
    const kept = RegExp.$1 + RegExp.$2;
    expect(kept).toBe('do');
  });
});

describe("the program's code", () => {
  /** An object on which nothing can be touched unnoticed. */
  function bomb() {
    const touched: string[] = [];
    const touch = (what: string) => () => {
      touched.push(what);
      return 'touched';
    };
    const conversions = {
      valueOf: touch('valueOf'),
      toString: touch('toString'),
      toJSON: touch('toJSON'),
      [Symbol.toPrimitive]: touch('toPrimitive'),
      [Symbol.iterator]: touch('iterator'),
      includes: touch('includes'),
      some: touch('some'),
      get: touch('get'),
    };
    const object = Object.defineProperties(Object.create(conversions), {
      getter: { get: touch('getter'), enumerable: true },
      length: { get: touch('length'), enumerable: true },
      size: { get: touch('size') },
      constructor: { get: touch('constructor') },
      name: { get: touch('name') },
      message: { get: touch('message') },
    });
    const traps = new Proxy({}, { get: (_, trap) => touch(`trap ${String(trap)}`) });
    const proxy = new Proxy(object, traps);
    const heir = Object.create(proxy);
    const list = Object.defineProperty([1, 2, 3], 1, { get: touch('element') });
    class Loud extends Array {
      override includes = touch('override') as never;
      static override get [Symbol.species]() {
        touched.push('species');
        return Array;
      }
      static override [Symbol.hasInstance]() {
        touched.push('hasInstance');
        return true;
      }
    }
    const loud = new Loud();
    Array.prototype.push.call(loud, 1, 2);
    const error = new Error('x');
    Object.defineProperty(error, 'name', { get: touch('error name') });
    touched.length = 0;
    return {
      touched,
      scope: { object, proxy, heir, list, loud, error, revoked: revoked(), map: new Map([[object, 1]]) },
    };
  }

  function revoked() {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  }

  const NAMES = ['object', 'proxy', 'heir', 'list', 'loud', 'error', 'revoked', 'map'];
  const USES = [
    '!X',
    'typeof X',
    'X === 1',
    'X == null',
    'X == 1',
    'X != "a"',
    'X + 1',
    '1 + X',
    'X - 1',
    '-X',
    '+X',
    '~X',
    'X < 1',
    'X > "a"',
    'X & 1',
    'X ** 2',
    '`${X}`',
    'X.getter',
    'X.length',
    'X.size',
    'X.constructor',
    'X.name',
    'X.message',
    'X.stack',
    'X.nope',
    'X["getter"]',
    'X[0]',
    'X[1]',
    'X.__proto__',
    'list[X]',
    '"a"[X]',
    '"getter" in X',
    '"nope" in X',
    'X in list',
    'X instanceof Object',
    'X instanceof Loud',
    'X?.getter',
    'X.includes(1)',
    'X.includes(2)',
    'X.some(x => x > 1)',
    'X.get("a")',
    'X.has(1)',
    'X.at(1)',
    'X.slice()',
    'X.join()',
    'X.map(x => x)',
    'X.filter(x => x)',
    'X.find(x => x === 2)',
    'X.indexOf(5)',
    'X.toString()',
    'X.match(/a/)',
    'X.replace(/a/, "b")',
    'X.findLastIndex(x => x === 2)',
    'X.flatMap(x => x)',
    'X.getTime()',
    '"abc".includes(X)',
    '"abc".slice(X)',
    '"a".padEnd(X)',
    '(5).toFixed(X)',
    '[1].includes(X)',
    '[1].at(X)',
    '[1].join(X)',
    '[X].join()',
    '[X].flatMap(x => x)',
    '/a/.test(X)',
    '/a/.exec(X)',
    '"a".split(X)',
    '"a".replace(X, "b")',
    '"a".replace("a", X)',
    '"a".replace(/a/, X)',
    '"a".repeat(X)',
    'Date.parse(X)',
    'Object.is(X, 1)',
    'Object.values(X)',
    'Object.entries(X)',
    'map.get(X)',
    'map.has(X)',
    'Math.max(X)',
    'Number.isInteger(X)',
    'Number.parseInt(X)',
    'Array.isArray(X)',
    'Object.keys(X)',
    'Object.hasOwn(X, "a")',
    'Object.hasOwn(list, X)',
    '[X, X]',
    '({ a: X })',
    'X ? 1 : 2',
    'X && X',
    'X ?? 1',
    '[X].some(x => x.getter)',
  ];

  it.each(NAMES)('is never run by any use of %s', (name) => {
    const values = USES.filter((use) => {
      const { touched, scope } = bomb();
      const source = use.replaceAll('X', name);
      let hasValue = true;
      try {
        evaluate(source, scope);
      } catch (error) {
        expect(error, source).toBeInstanceOf(EvaluationError);
        hasValue = false;
      }
      expect(touched, source).toEqual([]);
      return hasValue;
    });
    expect(values.length).toBeGreaterThan(8);
    expect(values.length).toBeLessThan(USES.length - 20);
  });

  it('is not run where built-ins are patched', () => {
    const patched: string[] = [];
    const originals = [
      [Array.prototype, 'includes'],
      [Array.prototype, 'push'],
      [Array.prototype, Symbol.iterator],
      [Map.prototype, 'get'],
      [Set.prototype, 'has'],
      [String.prototype, 'includes'],
      [String.prototype, 'toLowerCase'],
      [String.prototype, 'charCodeAt'],
      [Math, 'max'],
      [Object, 'getOwnPropertyDescriptor'],
      [Object, 'getPrototypeOf'],
      [Reflect, 'apply'],
      [Function.prototype, 'call'],
      [Function.prototype, 'apply'],
    ].map(([owner, key]) => [owner, key, Object.getOwnPropertyDescriptor(owner, key as string)!] as const);
    const scope = {
      list: [1, 2],
      map: new Map([['a', 1]]),
      set: new Set([1]),
      text: 'Abc',
      order: { key: 'id', id: 4 },
    };
    const sources = [
      'list.includes(2) && list.some(x => x > 1) && list.map(x => x + 1).length === 2',
      'map.get("a") + map.size',
      'set.has(1)',
      'text.toLowerCase().includes("b")',
      'Math.max(1, 2)',
      'order[order.key]',
      'order.nope.x',
      '[1, 2].join("-")',
    ];
    const names = Object.keys(scope);
    const programs = sources.map((source) =>
      compile(verify(parseExpression(source).tree), new Map(names.map((name, index) => [name, index]))),
    );
    const frame = Object.values(scope);
    const results: unknown[] = [];
    const { defineProperty } = Object;
    const patch = (key: unknown) => ({
      configurable: true,
      value: () => {
        patched[patched.length] = key as string;
      },
    });
    try {
      for (let index = 0; index < originals.length; index++) {
        const original = originals[index]!;
        defineProperty(original[0], original[1] as string, patch(original[1]));
      }
      for (let index = 0; index < programs.length; index++) {
        try {
          results[index] = programs[index]!(frame);
        } catch {
          results[index] = 'failed';
        }
      }
    } finally {
      for (let index = 0; index < originals.length; index++) {
        const original = originals[index]!;
        defineProperty(original[0], original[1] as string, original[2]);
      }
    }
    expect(patched).toEqual([]);
    expect(results).toEqual([true, 2, true, true, 2, 4, 'failed', '1-2']);
  });

  it('keeps what the program reads of its own regular expressions', () => {
    const sources = ['text.split("b").length + map.size', 'list.join(",")', 'text.nope.x'];
    const slots = new Map([
      ['text', 0],
      ['map', 1],
      ['list', 2],
    ]);
    const programs = sources.map((source) => compile(verify(parseExpression(source).tree), slots));
    const frame = ['abc', new Map(), ['a']];
    /(\w+)@(\w+)/.exec('ada@example');
    for (const program of programs) {
      try {
        program(frame);
      } catch {
        // The last one fails; making the error must not disturb anything either.
      }
    }
    const kept = [RegExp.$1, RegExp.$2];
    expect(kept).toEqual(['ada', 'example']);
  });
});

describe('the step budget', () => {
  it('stops loops over many elements', () => {
    const list = Array(LIMITS.expressionSteps + 1).fill(0);
    expect(failure('list.some(x => x > 0)', { list })).toContain(`more than ${LIMITS.expressionSteps} steps`);
    expect(failure('list.includes(1)', { list })).toContain('steps');
    expect(failure('list.slice()', { list })).toContain('steps');
    expect(evaluate('list.slice(0, 10).length', { list })).toBe(10);
    expect(evaluate('list.includes(0)', { list })).toBe(true);
  });

  it('stops nested loops, and each evaluation starts anew', () => {
    const list = Array.from({ length: 100 }, (_, index) => index);
    const nested = 'list.some(a => list.some(b => a + b > 1000))';
    expect(failure(nested, { list })).toContain('steps');
    const few = compile(verify(parseExpression(nested).tree), new Map([['list', 0]]));
    for (let round = 0; round < 100; round++) expect(few([list.slice(0, 10)])).toBe(false);
  });

  it('counts the characters of texts', () => {
    const text = 'x'.repeat(1_000_000);
    const same = 'x'.repeat(1_000_000);
    expect(failure('text.includes("y")', { text })).toContain('steps');
    expect(failure('text === same', { text, same })).toContain('steps');
    expect(failure('text < same', { text, same })).toContain('steps');
    expect(failure('text[5]', { text })).toContain('steps');
    expect(evaluate('text === "y" || text.length > 10', { text })).toBe(true);
    expect(evaluate('text.slice(0, 5).includes("y")', { text: text.slice(0, 1_000) })).toBe(false);
  });

  it('counts what a search for a long text may take', () => {
    const text = 'a'.repeat(500_000);
    const needle = `${'a'.repeat(1_000)}b${'a'.repeat(1_000)}`;
    // The best of some: the machine may pause at any of them.
    const times = Array.from({ length: 3 }, () => {
      const started = performance.now();
      for (const search of ['includes', 'indexOf', 'lastIndexOf', 'split']) {
        expect(failure(`text.${search}(needle)`, { text, needle })).toContain('steps');
      }
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(100);
    expect(evaluate('text.includes(needle)', { text: `${text.slice(0, 1_000)}${needle}`, needle })).toBe(
      true,
    );
  });

  it('refuses bigints that are numbers no more', () => {
    const huge = 1n << 100_000n;
    expect(failure('huge * huge', { huge })).toContain('4096 bits');
    expect(failure('`${huge}`', { huge })).toContain('4096 bits');
    expect(failure('huge.toString()', { huge })).toContain('4096 bits');
    expect(evaluate('huge === huge', { huge })).toBe(true);
    expect(failure('one == digits', { one: 1n, digits: '1'.repeat(2_000) })).toContain('2000 characters');
  });

  it('leaves an endless prototype chain', () => {
    let object = {};
    for (let depth = 0; depth < 200_000; depth++) object = Object.create(object);
    expect(evaluate('object.nope', { object })).toBeUndefined();
    expect(evaluate('object instanceof Nope', { object })).toBe(false);
    expect(evaluate('"nope" in object', { object })).toBe(false);
  });
});

describe('the tables of built-ins', () => {
  it('have an implementation for every method and function', () => {
    const samples: Scope = {
      text: 'abc',
      list: [1],
      map: new Map(),
      set: new Set(),
      date: new Date(0),
      number: 5,
    };
    for (const [
      method,
      {
        predicate,
        arguments: [least],
      },
    ] of Object.entries(METHODS)) {
      const args = predicate ? 'x => x' : Array(least).fill('1').join(', ');
      const implemented = Object.keys(samples).filter((name) => {
        try {
          evaluate(`${name}.${method}(${args})`, samples);
          return true;
        } catch (error) {
          return !/has no method/.test((error as Error).message);
        }
      });
      expect(implemented, method).not.toEqual([]);
    }
    for (const [namespace, { functions, constants }] of Object.entries(NAMESPACES)) {
      for (const constant of constants) expect(typeof evaluate(`${namespace}.${constant}`)).toBe('number');
      for (const [
        name,
        {
          arguments: [least],
        },
      ] of Object.entries(functions)) {
        const isOfObjects = namespace === 'Object';
        const source = `${namespace}.${name}(${Array(least)
          .fill(isOfObjects ? '[]' : '1')
          .join(', ')
          .replace(', []', ', 1')})`;
        expect(evaluate(source), source).not.toBeUndefined();
      }
    }
  });
});
