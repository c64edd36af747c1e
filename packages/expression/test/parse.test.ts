import { LIMITS } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { checkNames, ExpressionError, parseExpression, parseTemplate, print } from '../src/parse/index.ts';

const treeOf = (source: string) => parseExpression(source).tree;

function refusalOf(action: () => unknown): ExpressionError {
  try {
    action();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('parseExpression', () => {
  it('makes a plain tree and keeps the text', () => {
    expect(parseExpression(' order.total > 10 ')).toEqual({
      version: 1,
      source: 'order.total > 10',
      tree: {
        op: 'binary',
        operator: '>',
        left: {
          op: 'member',
          object: { op: 'name', name: 'order' },
          key: { op: 'literal', value: 'total' },
          optional: false,
        },
        right: { op: 'literal', value: 10 },
      },
      reads: ['order'],
    });
  });

  it('says which variables are read, each once, without specials, parameters and namespaces', () => {
    const source =
      'a.b && this.c && $hits > 1 && items.some((a, i) => a > limit + i) && Math.max(a, Math.PI) > 0';
    expect(parseExpression(source).reads).toEqual(['a', 'this', 'items', 'limit']);
  });

  it('makes trees that survive JSON', () => {
    for (const source of [
      'NaN',
      'Infinity',
      '-0',
      '1e999',
      '10n',
      'undefined',
      '`a${b}c`',
      "a?.['b']?.c.includes('x')",
    ]) {
      expect(JSON.parse(JSON.stringify(treeOf(source)))).toEqual(treeOf(source));
    }
  });

  it.each([
    ['a?.b.c', 'a?.b.c'],
    ['(a?.b).c', 'a?.b.c'],
    ["a['b']", 'a.b'],
    ['a["not a name"]', 'a["not a name"]'],
    ['a + b * c', 'a + (b * c)'],
    ['typeof a === "string"', '(typeof a) === "string"'],
    ['a ? b : c', 'a ? b : c'],
    ['[1, a]', '[1, a]'],
    ['({ a, b: 1 })', '{ a: a, b: 1 }'],
    ['`x${a}y`', '`x${a}y`'],
    ['items.some(item => item.price > 1)', 'items.some((item) => item.price > 1)'],
    ['a instanceof TypeError', 'a instanceof TypeError'],
    ['0x10n', '16n'],
    ['NaN', '0 / 0'],
    ['!(((a)))', '!a'],
    ['names?.includes("x")', 'names?.includes("x")'],
  ])('prints %s as %s', (source, printed) => {
    expect(print(treeOf(source))).toBe(printed);
  });

  const RUNS = 'an expression only reads';
  it.each<[source: string, offset: number, message: string]>([
    ['a = 1', 0, 'write `===`'],
    ['b && (a += 1)', 6, 'An assignment'],
    ['({ a } = b)', 1, 'An assignment'],
    ['a++', 0, '`++`'],
    ['--a.b', 0, '`--`'],
    ['new Thing()', 0, '`new`'],
    ['tag`text`', 0, 'A tagged template is a call'],
    ['a.b`text`', 0, 'A tagged template is a call'],
    ['await a', 0, '`await`'],
    ["import('x')", 0, '`import()`'],
    ['super.x', 0, 'write `this`'],
    ['function () {}', 0, 'A function'],
    ['() => 1', 0, 'An arrow function stands only'],
    ['a.includes(x => x)', 11, 'An arrow function stands only'],
    ['class {}', 0, 'A class'],
    ['a, b', 0, 'A comma'],
    ['[...a]', 1, 'A spread'],
    ['({ ...a })', 3, 'A spread'],
    ['a.includes(...b)', 11, 'A spread'],
    ['[1, , 2]', 0, 'without holes'],
    ['delete a.b', 0, '`delete`'],
    ['void 0', 0, '`undefined`'],
    ['/x/', 0, 'stands where it is used'],
    ['a === /x/', 6, 'stands where it is used'],
    ['a.includes(/x/)', 11, 'stands where it is used'],
    ['/x/.source', 0, 'stands where it is used'],
    ['/x/.compile(a)', 4, RUNS],
    ['b.test(a)', 0, 'written out'],
    ['b.exec(a)', 0, 'written out'],
    ['a.match(b)', 8, 'written out'],
    ['a.search("b")', 9, 'written out'],
    ['a.matchAll(/x/g)', 2, 'an iterator'],
    ['a.replaceAll(/x/, "y")', 13, 'flag `g`'],
    ['a.replace(/x/, b => b)', 15, 'An arrow function'],
    ['/a(?=b)/.test(c)', 2, 'looks around'],
    ['c.match(/(a)\\1/)', 12, 'back-references'],
    ['/a{2000}/.test(c)', 2, 'counts to 1000'],
    ['/a/y.test(c)', 1, 'The flag `y`'],
    ['/a/u.test(c)', 1, 'The flag `u`'],
    ['a.keys()', 2, 'Object.keys'],
    ['a.sort()', 2, 'changes its array'],
    ['a.localeCompare(b)', 2, 'milliseconds'],
    ['a.#b', 2, 'Private names'],
    ['#b in a', 0, 'Private names'],
    ['f()', 0, RUNS],
    ['String(a)', 0, '`${value}`'],
    ['parseInt(a)', 0, '`Number.parseInt(value)`'],
    ['constructor()', 0, RUNS],
    ['a.save()', 2, RUNS],
    ['a.push(1)', 2, RUNS],
    ['a.constructor()', 2, RUNS],
    ['a.hasOwnProperty("x")', 2, RUNS],
    ['a.toString.call(b)', 11, RUNS],
    ['a[b]()', 2, 'written out'],
    ["a['includes'](b)", 2, 'written out'],
    ['a()()', 0, RUNS],
    ['(() => 1)()', 1, 'An arrow function'],
    ['a.includes?.(b)', 0, '`object?.method(…)`'],
    ['a.inclues(b)', 2, 'Did you mean `includes`?'],
    ['Math.random()', 5, 'Math.random'],
    ['Math.flor(a)', 5, 'Did you mean `floor`?'],
    ['Math.pie', 5, 'Did you mean `PI`'],
    ['Object.assign(a, b)', 7, 'Object.assign'],
    ['JSON.stringify(a)', 5, RUNS],
    ['a.includes()', 0, '1 to 2 arguments here, not 0'],
    ['a.trim(1)', 0, '0 arguments here, not 1'],
    ['a.some(b)', 7, 'item => item.price > 100'],
    ['a.some(async x => x)', 7, 'async'],
    ['a.some(x => { return x })', 12, 'without braces'],
    ['a.some(({ x }) => x)', 8, 'plain parameters'],
    ['a.some((x = 1) => x)', 8, 'plain parameters'],
    ['a.some((...x) => x)', 8, 'plain parameters'],
    ['a.some((x, y, z) => x)', 14, 'plain parameters'],
    ['a instanceof b.c', 13, 'bare name of a class'],
    ['({ [a]: 1 })', 4, 'written out'],
    ['({ get a() { return 1 } })', 3, 'A function'],
    ['({ a() {} })', 3, 'A function'],
    ['({ __proto__: a })', 3, '`__proto__`'],
  ])('refuses %s', (source, offset, message) => {
    const refusal = refusalOf(() => parseExpression(source));
    expect(refusal.code).toBe('UNSUPPORTED_SYNTAX');
    expect(refusal.message).toContain(message);
    expect(refusal.offset).toBe(offset);
  });

  it.each<[source: string, offset: number]>([
    ['', 0],
    ['a >', 3],
    ['a b', 2],
    ['a; b', 1],
    ['a)', 1],
    ['"open', 0],
    ['-a ** 2', 3],
    ['a ?? b || c', 7],
    ['return a', 0],
    ['a?.`x`', 3],
    ['import.meta', 0],
    ['new.target', 0],
    ['/(/.test(a)', 1],
  ])('reports the syntax error in %j', (source, offset) => {
    const refusal = refusalOf(() => parseExpression(source));
    expect(refusal.code).toBe('SYNTAX_ERROR');
    expect(refusal.message).not.toMatch(/\(\d+:\d+\)/);
    expect(refusal.offset).toBe(offset);
  });

  it('points at the character', () => {
    expect(refusalOf(() => parseExpression('total > 1 &&\n  items.push(1)')).excerpt).toBe(
      '  items.push(1)\n        ^',
    );
    const long = refusalOf(() =>
      parseExpression(`[${'a, '.repeat(100)}f()${', b'.repeat(100)}]`),
    ).excerpt.split('\n');
    expect(long[0]).toHaveLength(120);
    expect(long[0]![long[1]!.indexOf('^')]).toBe('f');
  });

  it('holds the limits of text, nodes and depth', () => {
    const sum = (terms: number) => Array(terms).fill('a').join('+');
    expect(refusalOf(() => parseExpression(`'${'x'.repeat(LIMITS.expressionLength)}'`)).code).toBe(
      'LIMIT_EXCEEDED',
    );
    const list = (items: number) => `[${Array(items).fill('1').join(',')}]`;
    expect(treeOf(list(LIMITS.expressionNodes - 1))).toBeDefined();
    expect(refusalOf(() => parseExpression(list(LIMITS.expressionNodes))).code).toBe('LIMIT_EXCEEDED');
    expect(treeOf(sum(LIMITS.expressionDepth))).toBeDefined();
    expect(refusalOf(() => parseExpression(sum(LIMITS.expressionDepth + 1))).code).toBe('LIMIT_EXCEEDED');
    expect(refusalOf(() => parseExpression('['.repeat(900) + ']'.repeat(900))).code).toBe('LIMIT_EXCEEDED');
    expect(refusalOf(() => parseTemplate(`{${'('.repeat(4_000)}a${')'.repeat(4_000)}}`)).code).toBe(
      'LIMIT_EXCEEDED',
    );
  });
});

describe('checkNames', () => {
  const check = (source: string, ...inScope: string[]) => checkNames(parseExpression(source), inScope);

  it('accepts what is in scope', () => {
    expect(() =>
      check(
        'this.a > amount && $hits < 3 && items.some(i => i > Math.PI)',
        'this',
        'amount',
        '$hits',
        'items',
      ),
    ).not.toThrow();
  });

  it('names the nearest variables', () => {
    const refusal = refusalOf(() => check('1 + amuont', 'amount', 'account', 'order'));
    expect(refusal.code).toBe('UNKNOWN_VARIABLE');
    expect(refusal.message).toBe('No variable `amuont` at this point. Did you mean `amount`?');
    expect(refusal.suggestions).toEqual(['amount']);
    expect(refusal.offset).toBe(4);
  });

  it('lists the variables where none is near', () => {
    expect(refusalOf(() => check('zebra', 'amount', 'order')).message).toBe(
      'No variable `zebra` at this point; it has `amount`, `order`.',
    );
    expect(refusalOf(() => check('zebra')).message).toBe(
      'No variable `zebra` at this point; it has none at all.',
    );
  });

  it('knows a special that has no value here', () => {
    expect(refusalOf(() => check('$return > 1', 'a')).message).toBe(
      '`$return` has no value at this point: it is what a call returned; ask for it where a function returns.',
    );
  });

  it('takes a bare namespace for a variable', () => {
    expect(refusalOf(() => check('a === Math', 'a')).code).toBe('UNKNOWN_VARIABLE');
  });

  it.each([
    ['password', 0],
    ['user.password === "x"', 5],
    ['user.Pass_Word', 5],
    ["user['api-key']", 5],
    ["headers.get('Authorization')", 12],
    ['users.some(u => u.token)', 18],
    ['`${user.ssn}`', 8],
  ])('refuses to read the secret in %s', (source, offset) => {
    const refusal = refusalOf(() => check(source, 'password', 'user', 'users', 'headers'));
    expect(refusal.code).toBe('REDACTED_NAME');
    expect(refusal.offset).toBe(offset);
  });
});

describe('parseTemplate', () => {
  const parts = (text: string) =>
    parseTemplate(text).map((part) => (typeof part === 'string' ? part : [part.source]));

  it.each<[string, unknown[]]>([
    ['plain', ['plain']],
    ['', []],
    ['order {order.id} costs {a * 2}!', ['order ', ['order.id'], ' costs ', ['a * 2'], '!']],
    ['{a}{b}', [['a'], ['b']]],
    ['{{a}} {{{a}}}', ['{a} {', ['a'], '}']],
    ['{ a }', [['a']]],
    ["{a === '}' ? '{' : `}${b}`}", [["a === '}' ? '{' : `}${b}`"]]],
    ['{ ({ a: { b: 1 } }).a.b }', [['({ a: { b: 1 } }).a.b']]],
    ['{(a)}', [['(a)']]],
    ['100 % {a}', ['100 % ', ['a']]],
  ])('takes %j apart', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });

  it.each<[string, number, string]>([
    ['a } b', 2, 'closes nothing'],
    ['{a', 2, 'closed with `}`'],
    ['{a b}', 3, 'closed with `}`'],
    ['{a;}', 2, 'closed with `}`'],
    ['{}', 1, '"}" at character 2 does not fit'],
    ['text {', 6, 'ends where something must still follow'],
  ])('reports %j', (text, offset, message) => {
    const refusal = refusalOf(() => parseTemplate(text));
    expect(refusal.code).toBe('SYNTAX_ERROR');
    expect(refusal.offset).toBe(offset);
    expect(refusal.message).toContain(message);
  });

  it('counts offsets in the whole template', () => {
    expect(refusalOf(() => parseTemplate('order {order.id} by {f()}')).offset).toBe(21);
  });

  it('limits its length', () => {
    expect(refusalOf(() => parseTemplate('x'.repeat(LIMITS.templateLength + 1))).code).toBe('LIMIT_EXCEEDED');
  });
});
