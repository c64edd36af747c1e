/**
 * What an expression may call: methods that only read, on the language's own types. The parser refuses
 * every other call; the evaluator verifies the same list and runs the intrinsics saved at its load.
 */

export interface MethodRule {
  /** Least and most arguments. */
  readonly arguments: readonly [number, number];
  /** The first argument is a predicate: `items.some(item => item.price > 100)`. */
  readonly predicate?: true;
  /**
   * Where a regular expression stands, written out: it has the method (`/^a/.test(text)`), or it must be, or may be,
   * the first argument.
   */
  readonly pattern?: 'object' | 'argument' | 'optional';
}

const none: MethodRule = { arguments: [0, 0] };
const optional: MethodRule = { arguments: [0, 1] };
const one: MethodRule = { arguments: [1, 1] };
const oneOrTwo: MethodRule = { arguments: [1, 2] };
const upToTwo: MethodRule = { arguments: [0, 2] };
const any: MethodRule = { arguments: [0, 50] };
const two: MethodRule = { arguments: [2, 2] };
const predicate: MethodRule = { arguments: [1, 1], predicate: true };

type Rules = Readonly<Record<string, MethodRule>>;

interface Namespace {
  readonly functions: Rules;
  readonly constants: readonly string[];
}

/** `value.method(…)`, whatever the type of the value; which types have it is the evaluator's table. */
export const METHODS: Rules = {
  // strings, arrays and typed arrays
  at: one,
  includes: oneOrTwo,
  indexOf: oneOrTwo,
  lastIndexOf: one,
  slice: upToTwo,
  // strings
  charAt: one,
  charCodeAt: one,
  codePointAt: one,
  endsWith: oneOrTwo,
  match: { arguments: [1, 1], pattern: 'argument' },
  padEnd: oneOrTwo,
  padStart: oneOrTwo,
  repeat: one,
  replace: { arguments: [2, 2], pattern: 'optional' },
  replaceAll: { arguments: [2, 2], pattern: 'optional' },
  search: { arguments: [1, 1], pattern: 'argument' },
  split: { arguments: [1, 2], pattern: 'optional' },
  startsWith: oneOrTwo,
  substring: oneOrTwo,
  toLowerCase: none,
  toUpperCase: none,
  trim: none,
  trimEnd: none,
  trimStart: none,
  // regular expressions
  exec: { arguments: [1, 1], pattern: 'object' },
  test: { arguments: [1, 1], pattern: 'object' },
  // arrays and typed arrays
  every: predicate,
  filter: predicate,
  find: predicate,
  findIndex: predicate,
  findLast: predicate,
  findLastIndex: predicate,
  flatMap: predicate,
  join: optional,
  map: predicate,
  some: predicate,
  // Map and Set
  get: one,
  has: one,
  // numbers
  toExponential: optional,
  toFixed: optional,
  toPrecision: optional,
  // strings, numbers, bigints, booleans
  toString: optional,
  // Date
  getDate: none,
  getDay: none,
  getFullYear: none,
  getHours: none,
  getMilliseconds: none,
  getMinutes: none,
  getMonth: none,
  getSeconds: none,
  getTime: none,
  getTimezoneOffset: none,
  getUTCDate: none,
  getUTCDay: none,
  getUTCFullYear: none,
  getUTCHours: none,
  getUTCMilliseconds: none,
  getUTCMinutes: none,
  getUTCMonth: none,
  getUTCSeconds: none,
  toISOString: none,
};

/** Functions and constants of the language's own namespaces, which a variable of the same name hides. */
export const NAMESPACES: Readonly<Record<string, Namespace>> = {
  Array: { functions: { isArray: one }, constants: [] },
  Date: { functions: { now: none, parse: one }, constants: [] },
  Math: {
    functions: {
      abs: one,
      acos: one,
      acosh: one,
      asin: one,
      asinh: one,
      atan: one,
      atan2: { arguments: [2, 2] },
      atanh: one,
      cbrt: one,
      ceil: one,
      clz32: one,
      cos: one,
      cosh: one,
      exp: one,
      expm1: one,
      floor: one,
      fround: one,
      hypot: any,
      imul: { arguments: [2, 2] },
      log: one,
      log10: one,
      log1p: one,
      log2: one,
      max: any,
      min: any,
      pow: { arguments: [2, 2] },
      round: one,
      sign: one,
      sin: one,
      sinh: one,
      sqrt: one,
      tan: one,
      tanh: one,
      trunc: one,
    },
    constants: ['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'],
  },
  Number: {
    functions: {
      isFinite: one,
      isInteger: one,
      isNaN: one,
      isSafeInteger: one,
      parseFloat: one,
      parseInt: oneOrTwo,
    },
    constants: [
      'EPSILON',
      'MAX_SAFE_INTEGER',
      'MAX_VALUE',
      'MIN_SAFE_INTEGER',
      'MIN_VALUE',
      'NEGATIVE_INFINITY',
      'NaN',
      'POSITIVE_INFINITY',
    ],
  },
  Object: { functions: { entries: one, hasOwn: two, is: two, keys: one, values: one }, constants: [] },
};

/** Names that the runtime defines beside the variables in scope, and what they are. */
export const SPECIALS: ReadonlyMap<string, string> = new Map([
  ['$hits', 'how often the probe was hit'],
  ['$ctx', 'the attributes of the request'],
  ['$return', 'what a call returned; ask for it where a function returns'],
  ['$error', 'what a call threw; ask for it where a function throws'],
  ['$duration', 'the milliseconds that a call took; ask for it where a function returns or throws'],
]);

export const methodRule = (method: string): MethodRule | undefined => own(METHODS, method);

export const namespace = (name: string): Namespace | undefined => own(NAMESPACES, name);

export const functionRule = (name: string, method: string): MethodRule | undefined =>
  own(namespace(name)?.functions ?? {}, method);

/** Not `table[name]`: `constructor` is in no table. */
const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
