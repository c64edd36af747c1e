import fc from 'fast-check';

/** The variables that the random expressions read. */
export const NAMES = ['a', 'b', 'c', 'list', 'order'] as const;

/** Texts of random expressions over the names; most have a value, some throw, a few are refused. */
export const sources = fc.letrec<{ any: string }>((tie) => {
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
