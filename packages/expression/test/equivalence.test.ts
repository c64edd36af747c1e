import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile, EvaluationError, verify } from '../src/evaluate/index.ts';
import { ExpressionError, parseExpression } from '../src/parse/index.ts';

const CASES = Number(process.env['DORMOUSE_CASES'] ?? 4_000);

const NAMES = ['a', 'b', 'c', 'list', 'order'] as const;

/** Texts of random expressions over the names; most have a value, some throw, a few are refused. */
const sources = fc.letrec<{ any: string }>((tie) => {
  const any = tie('any');
  const one = (f: (x: string) => string) => any.map(f);
  const two = (f: (x: string, y: string) => string) => fc.tuple(any, any).map(([x, y]) => f(x, y));
  const leaf = fc.oneof(
    fc.constantFrom(
      ...NAMES,
      'order.id',
      'order.user.name',
      'order.user?.address?.city',
      'list.length',
      'order.tags',
      'list[0]',
    ),
    fc.constantFrom(
      '0',
      '1',
      '-1',
      '2.5',
      "''",
      "'a'",
      "'1'",
      'true',
      'false',
      'null',
      'undefined',
      'NaN',
      '3n',
      "'b c'",
    ),
  );
  const binary = fc.constantFrom(
    '===',
    '!==',
    '==',
    '!=',
    '<',
    '<=',
    '>',
    '>=',
    '+',
    '-',
    '*',
    '/',
    '%',
    '**',
    '&',
    '|',
    '^',
    '<<',
    '>>',
    '>>>',
  );
  const compound = fc.oneof(
    fc.tuple(any, binary, any).map(([x, operator, y]) => `((${x}) ${operator} (${y}))`),
    fc
      .tuple(any, fc.constantFrom('&&', '||', '??'), any)
      .map(([x, operator, y]) => `((${x}) ${operator} (${y}))`),
    fc
      .tuple(fc.constantFrom('!', '-', '+', '~', 'typeof '), any)
      .map(([operator, x]) => `(${operator}(${x}))`),
    fc.tuple(any, any, any).map(([x, y, z]) => `((${x}) ? (${y}) : (${z}))`),
    two((x, y) => '`${' + x + '}-${' + y + '}`'),
    two((x, y) => `[(${x}), (${y})]`),
    two((x, y) => `({ p: (${x}), q: (${y}) })`),
    one((x) => `(${x})?.name`),
    two((x, y) => `(${x})?.[${y}]`),
    one((x) => `(${x}).length`),
    one((x) => `(${x})?.length.nope`),
    two((x, y) => `list.includes(${x}, ${y})`),
    two((x, y) => `(${x})?.slice(${y})`),
    two((x, y) => `(${x})?.indexOf(${y})`),
    one((x) => `(${x})?.at(0)`),
    one((x) => `(${x}).toString()`),
    one((x) => `list.some(item => item === (${x}))`),
    one((x) => `list.map((item, i) => [(${x}), item, i])`),
    one((x) => `list.filter(c => c === a || (${x})).length`),
    one((x) => `order.tags.find(a => a > (${x}))`),
    one((x) => `order.tags.join(${x})`),
    two((x, y) => `Math.max(${x}, ${y})`),
    one((x) => `Number.isInteger(${x})`),
    two((x, y) => `((${x}) in [${y}])`),
    one((x) => `((${x}) instanceof Array)`),
    one((x) => `Object.keys(${x})`),
    one((x) => `Object.values(${x})`),
    one((x) => `/(a)|b+/.test(${x})`),
    one((x) => `(${x})?.match(/[a-c]*?( )?c/)`),
    one((x) => `(${x})?.split(/(b)?/)`),
    two((x, y) => `(${x})?.split(${y}, 3)`),
    two((x, y) => `(${x})?.replace(/(x)|b/g, ${y})`),
    two((x, y) => `'abcab'.replaceAll(${x}, ${y})`),
  );
  return { any: fc.oneof({ maxDepth: 4 }, leaf, compound) };
}).any;

const plain = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    -0,
    1,
    7.25,
    NaN,
    Infinity,
    '',
    'a',
    '10',
    'b c',
    true,
    false,
    null,
    undefined,
    5n,
    'xaybzc',
  ),
  fc.array(fc.constantFrom<unknown>(1, 'a', null, NaN), { maxLength: 4 }),
  fc.record({ name: fc.constantFrom('n', ''), length: fc.constantFrom(3, 'l') }, { requiredKeys: [] }),
);

const scopes = fc.record({
  a: plain,
  b: plain,
  c: plain,
  list: fc.array(plain, { maxLength: 5 }),
  order: fc.record({
    id: fc.nat(5),
    user: fc.record({ name: fc.constantFrom('Ada', 'a'), address: fc.constantFrom(null, { city: 'b c' }) }),
    tags: fc.array(fc.constantFrom<unknown>('a', 'b', 1), { maxLength: 4 }),
  }),
});

/** What the language leaves to the program's code, or bounds, where JavaScript has a value. */
const REFUSED =
  /would have to be converted|only its own code|has no method|an index is a number|must be a number|raised or shifted|4096 bits|no keys|is an object|is an array/;

type Outcome = { readonly value: unknown } | { readonly error: unknown };

const outcome = (run: () => unknown): Outcome => {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
};

it('gives the value that JavaScript gives, or none where that takes the program’s code', () => {
  const tally = { values: 0, errors: 0, refusals: 0 };
  fc.assert(
    fc.property(sources, scopes, (source, scope) => {
      const wanted = outcome(() =>
        new Function(...NAMES, `return (${source});`)(...NAMES.map((name) => scope[name])),
      );
      const got = outcome(() => {
        const { tree } = parseExpression(source);
        const program = compile(verify(tree), new Map(NAMES.map((name, index) => [name, index])));
        return program(NAMES.map((name) => scope[name]));
      });
      if ('value' in got) {
        tally.values++;
        expect(wanted).toStrictEqual(got);
      } else if ('error' in wanted) {
        tally.errors++;
        expect(got.error).toSatisfy(isOurs);
      } else {
        tally.refusals++;
        expect(got.error).toSatisfy(isOurs);
        expect((got.error as Error).message).toMatch(REFUSED);
      }
    }),
    { numRuns: CASES },
  );
  expect(tally.values).toBeGreaterThan(CASES / 2);
  expect(tally.errors).toBeGreaterThan(0);
});

const isOurs = (error: unknown): boolean =>
  error instanceof EvaluationError || error instanceof ExpressionError;
