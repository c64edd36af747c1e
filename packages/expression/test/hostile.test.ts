import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile, EvaluationError } from '../src/evaluate/index.ts';
import { parseExpression } from '../src/parse/index.ts';
import { NAMES, sources } from './support/sources.ts';

const CASES = Number(process.env['DORMOUSE_CASES'] ?? 2_000);

const touched: string[] = [];

/** The names by which expressions, conversions and the language itself ask an object for something. */
const ASKED_FOR = [
  'name',
  'length',
  'id',
  'user',
  'tags',
  'constructor',
  'toString',
  'valueOf',
  'toJSON',
  'includes',
  'slice',
  'some',
  'then',
  '0',
  Symbol.iterator,
  Symbol.toPrimitive,
  Symbol.toStringTag,
  Symbol.hasInstance,
  Symbol.isConcatSpreadable,
  Symbol.split,
  Symbol.replace,
  Symbol.match,
  Symbol.species,
];

/** Everything in it that is run is noted. */
const hostile: Readonly<Record<string, () => unknown>> = {
  getters: () => withTraps({}),
  'inherited getters': () => Object.create(withTraps({})) as unknown,
  'a function with getters': () => withTraps(() => void touched.push('call')),
  'a proxy': () => new Proxy({}, noting('trap')),
  'a proxy of a list': () => new Proxy([1, 2], noting('trap')),
  'a proxy among the prototypes': () => Object.create(new Proxy({}, noting('trap'))) as unknown,
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  'a list with getters': () => Object.defineProperty([1, 2, 3], 1, { get: () => touched.push('element') }),
  'a list of another class': () => {
    class Loud extends Array<unknown> {
      override includes = noted('includes') as never;
      override some = noted('some') as never;
      override [Symbol.iterator] = noted('iterator') as never;
      static override readonly [Symbol.species] = noted('species') as never;
    }
    return new Loud(3);
  },
  'own methods': () =>
    Object.fromEntries(ASKED_FOR.map((key) => [key, noted(`method ${String(key)}`)] as [string, unknown])),
  'a Map of another class': () => {
    class Loud extends Map<string, number> {
      override get = noted('get') as never;
      override has = noted('has') as never;
    }
    return new Loud([['a', 1]]);
  },
  'a date with methods': () =>
    Object.assign(new Date(0), { getTime: noted('getTime'), valueOf: noted('valueOf') }),
  'an error with getters': () => Object.defineProperty(new Error('x'), 'name', { get: noted('error name') }),
};

function noted(what: string): () => string {
  return () => {
    touched.push(what);
    return 'touched';
  };
}

const noting = (what: string): ProxyHandler<object> =>
  new Proxy({}, { get: (_, trap) => noted(`${what} ${String(trap)}`) });

function withTraps<T extends object>(object: T): T {
  for (const key of ASKED_FOR)
    Object.defineProperty(object, key, { get: noted(`getter ${String(key)}`), configurable: true });
  return object;
}

const values = fc.constantFrom(...Object.keys(hostile));

it('runs none of the program’s code and changes nothing, whatever is evaluated over whatever', () => {
  let evaluated = 0;
  fc.assert(
    fc.property(
      sources,
      fc.array(values, { minLength: NAMES.length, maxLength: NAMES.length }),
      (source, kinds) => {
        const slots = new Map(NAMES.map((name, index) => [name, index]));
        const frame = kinds.map((kind) => hostile[kind]!());
        const before = shapesOf(frame);
        touched.length = 0;
        let program;
        try {
          program = compile(parseExpression(source).tree, slots);
        } catch {
          return;
        }
        evaluated++;
        try {
          program(frame);
        } catch (error) {
          expect(error).toBeInstanceOf(EvaluationError);
        }
        expect(touched).toEqual([]);
        expect(shapesOf(frame)).toEqual(before);
      },
    ),
    { numRuns: CASES },
  );
  expect(evaluated).toBeGreaterThan(CASES / 2);
});

it('would notice', () => {
  for (const [kind, make] of Object.entries(hostile)) {
    if (kind === 'a revoked proxy') continue;
    touched.length = 0;
    const value = make() as { [key: PropertyKey]: unknown };
    for (const key of [...ASKED_FOR, '1', 'get', 'getTime'].filter((each) => each !== 'constructor')) {
      const member = value[key];
      if (typeof member === 'function' && !Function.prototype.toString.call(member).includes('native'))
        member.call(value);
    }
    expect(touched, kind).not.toEqual([]);
  }
});

/** The own keys and descriptors of values, proxies apart. */
function shapesOf(frame: readonly unknown[]): unknown[] {
  return frame.map((value) => {
    try {
      return (
        Object.isExtensible(value) &&
        Reflect.ownKeys(value as object)
          .map(String)
          .sort()
      );
    } catch {
      return undefined;
    } finally {
      touched.length = 0;
    }
  });
}
