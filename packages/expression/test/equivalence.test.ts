import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile, EvaluationError, verify } from '../src/evaluate/index.ts';
import { ExpressionError, parseExpression } from '../src/parse/index.ts';
import { NAMES, sources } from './support/sources.ts';

const CASES = Number(process.env['DORMOUSE_CASES'] ?? 4_000);

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
