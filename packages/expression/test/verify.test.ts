import { LIMITS } from '@dormouse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, EvaluationError, verify, verifyExpression } from '../src/evaluate/index.ts';
import { parseExpression } from '../src/parse/index.ts';

const CASES = Number(process.env['DORMOUSE_CASES'] ?? 2_000);

const SOURCES = [
  "amount > 10000 && typeof order.highValue !== 'boolean'",
  'a?.b?.[c].includes("x") ?? [1, { d: 2n }]',
  'items.filter((item, i) => item.price > i && Math.max(item.a, Number.EPSILON) > 1).length',
  '`a${b}c` in d ? e instanceof F : !undefined',
  '/^a(b)?$/i.test(a) || b.replace(/x/g, "y").split(/,/, 2).length > a.match(/q+/)?.[0]',
];

describe('verify', () => {
  it.each(SOURCES)('accepts what the parser makes of %s, as a copy', (source) => {
    const compiled = parseExpression(source);
    const verified = verify(compiled.tree);
    expect(verified).toEqual(compiled.tree);
    expect(verified).not.toBe(compiled.tree);
    expect(verifyExpression(JSON.parse(JSON.stringify(compiled)))).toEqual(compiled);
  });

  const literal = { op: 'literal', value: 1 };
  const regexp = { op: 'regexp', pattern: '(a+)+$', flags: '' };
  const nested = (depth: number): unknown =>
    depth === 0 ? literal : { op: 'unary', operator: '!', operand: nested(depth - 1) };
  const call = (method: string, args: unknown[] = [], object: unknown = literal) => ({
    op: 'call',
    object,
    method,
    args,
    optional: false,
  });

  it.each<[name: string, tree: unknown, why: string]>([
    ['nothing', undefined, 'a node is an object'],
    ['a list', [literal], 'a node is an object'],
    ['an unknown node', { op: 'new' }, 'no node is called new'],
    ['a node without a name', {}, 'no node is called undefined'],
    ['an inherited name', { op: 'constructor' }, 'no node is called constructor'],
    ['a regular expression as a value', regexp, 'no part of a call'],
    ['a regular expression as a later argument', call('replace', [literal, regexp]), 'no part of a call'],
    ['a regular expression where none belongs', call('includes', [regexp]), 'no part of a call'],
    ['another method of a regular expression', call('trim', [], regexp), 'trim of something else'],
    ['a test of something else', call('test', [literal]), 'test of something else'],
    ['a match with something else', call('match', [literal]), 'match without a regular expression'],
    ['a replaceAll of the first', call('replaceAll', [regexp, literal]), 'without the flag g'],
    ['a pattern that looks around', call('test', [literal], { ...regexp, pattern: '(?=a)' }), 'looks around'],
    ['a pattern that is none', call('test', [literal], { ...regexp, pattern: '(' }), 'not closed'],
    ['a flag with a state', call('test', [literal], { ...regexp, flags: 'y' }), 'The flag `y`'],
    ['an object as a literal', { op: 'literal', value: {} }, 'a text is missing'],
    ['a function as a literal', { op: 'literal', value: () => 1 }, 'a text is missing'],
    ['a long literal', { op: 'literal', value: 'x'.repeat(LIMITS.expressionLength + 1) }, 'characters'],
    ['a bigint with code', { op: 'bigint', digits: '1n+f()' }, 'in digits'],
    ['an unknown operator', { op: 'binary', operator: '=', left: literal, right: literal }, 'no operator ='],
    [
      'an inherited operator',
      { op: 'binary', operator: 'toString', left: literal, right: literal },
      'no operator toString',
    ],
    ['an unknown unary', { op: 'unary', operator: 'delete', operand: literal }, 'no operator delete'],
    ['an unknown method', call('push', [literal]), 'no method push'],
    ['an inherited method', call('constructor'), 'no method constructor'],
    ['too many arguments', call('trim', [literal]), '1 arguments for trim'],
    [
      'a predicate where none belongs',
      call('includes', [{ op: 'arrow', parameters: [], body: literal }]),
      'no node is called arrow',
    ],
    ['a value where a predicate belongs', call('some', [literal]), 'a predicate is an arrow'],
    [
      'three parameters',
      call('some', [{ op: 'arrow', parameters: ['a', 'b', 'c'], body: literal }]),
      'a list of 3',
    ],
    ['a bare predicate', { op: 'arrow', parameters: [], body: literal }, 'no node is called arrow'],
    [
      'an optional link without a chain',
      { op: 'member', object: literal, key: literal, optional: true },
      'outside of a chain',
    ],
    [
      'a chain cut in a key',
      {
        op: 'chain',
        body: {
          op: 'member',
          object: literal,
          key: { op: 'member', object: literal, key: literal, optional: true },
          optional: false,
        },
      },
      'outside of a chain',
    ],
    ['an entry for __proto__', { op: 'object', entries: [['__proto__', literal]] }, '`__proto__`'],
    ['an entry without a value', { op: 'object', entries: [['a']] }, 'a node is an object'],
    ['a missing list', { op: 'array' }, 'a list is missing'],
    ['too deep a tree', nested(LIMITS.expressionDepth), 'levels'],
    ['too large a tree', { op: 'array', items: Array(LIMITS.expressionNodes).fill(literal) }, 'nodes'],
  ])('refuses %s', (_, tree, why) => {
    expect(() => verify(tree)).toThrow(EvaluationError);
    expect(() => verify(tree)).toThrow(why);
  });

  it('refuses a tree that contains itself', () => {
    const tree: Record<string, unknown> = { op: 'unary', operator: '!' };
    tree['operand'] = tree;
    expect(() => verify(tree)).toThrow('levels');
  });

  it('accepts a tree as deep as may be', () => {
    expect(verify(nested(LIMITS.expressionDepth - 1))).toBeDefined();
  });

  it('refuses another version', () => {
    expect(() => verifyExpression({ ...parseExpression('a'), version: 2 })).toThrow(
      'version 2; this process knows version 1',
    );
    expect(() => verifyExpression(null)).toThrow(EvaluationError);
  });

  it('lets nothing through that cannot be compiled and run', () => {
    const junk = fc.oneof(
      fc.constantFrom<unknown>(null, undefined, 0, '', [], {}, 'constructor', '__proto__', 'valueOf', true),
      fc.string(),
      fc.jsonValue(),
    );
    const ops = fc.constantFrom(
      'literal',
      'name',
      'member',
      'chain',
      'unary',
      'binary',
      'logical',
      'conditional',
      'template',
      'array',
      'object',
      'call',
      'arrow',
      'instanceof',
      'regexp',
    );
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...SOURCES),
        fc.nat(),
        junk,
        ops,
        fc.boolean(),
        (source, at, value, op, isOp) => {
          const tree = mutate(parseExpression(source).tree, at, isOp ? { op } : value);
          let verified;
          try {
            verified = verify(tree);
          } catch (error) {
            expect(error).toBeInstanceOf(EvaluationError);
            return;
          }
          accepted++;
          try {
            const names = ['amount', 'order', 'a', 'b', 'c', 'd', 'e', 'items'];
            compile(
              verified,
              new Map(names.map((name, index) => [name, index])),
            )([1, {}, 'a', 'b', 'c', {}, {}, [{ price: 5 }]]);
          } catch (error) {
            expect(error).toBeInstanceOf(EvaluationError);
          }
        },
      ),
      { numRuns: CASES },
    );
    expect(accepted).toBeGreaterThan(CASES / 20);
  });
});

/** A copy of a tree in which one place, found by counting, holds something else; an `{ op }` is mixed in. */
function mutate(tree: unknown, at: number, value: unknown): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const copy: Record<string, unknown> = { root: structuredClone(tree) };
  const collect = (holder: Record<string, unknown>) => {
    for (const key of Object.keys(holder)) {
      places.push([holder, key]);
      if (typeof holder[key] === 'object' && holder[key] !== null)
        collect(holder[key] as Record<string, unknown>);
    }
  };
  collect(copy);
  const [holder, key] = places[at % places.length]!;
  const old = holder[key];
  const isMixed =
    typeof old === 'object' && old !== null && typeof value === 'object' && value !== null && 'op' in value;
  holder[key] = isMixed ? { ...old, ...value } : value;
  return copy['root'];
}
