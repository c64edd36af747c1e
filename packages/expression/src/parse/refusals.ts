/** Why the language leaves a construct out, and what to write instead, by the node that the parser meets. */

const CHANGES = 'would change the program; an expression only reads';
const RUNS = "would run the program's code; an expression only reads";

export const REFUSALS: Readonly<Record<string, string>> = {
  AssignmentExpression: `An assignment ${CHANGES}. To compare, write \`===\`.`,
  UpdateExpression: `\`++\` and \`--\` ${CHANGES}.`,
  NewExpression: `\`new\` ${RUNS}.`,
  TaggedTemplateExpression: `A tagged template is a call: it ${RUNS}.`,
  AwaitExpression: '`await` would let the program run on; an expression is over at once.',
  YieldExpression: '`yield` would let the program run on; an expression is over at once.',
  ImportExpression: `\`import()\` ${RUNS}.`,
  MetaProperty: '`import.meta` and `new.target` are not variables in scope.',
  Super: '`super` is not a value; write `this`.',
  FunctionExpression: `A function ${RUNS}. A predicate is written \`item => …\`, in some, every, find, filter or map.`,
  ArrowFunctionExpression:
    'An arrow function stands only as the argument of some, every, find, findIndex, findLast, filter or map.',
  ClassExpression: `A class ${RUNS}.`,
  SequenceExpression: 'A comma would throw the first value away; write one expression.',
  SpreadElement: 'A spread would run an iterator; name the elements.',
  PrivateIdentifier: 'Private names cannot be read from outside their class.',
  RestElement: 'A predicate takes one or two plain parameters.',
  JSXElement: 'JSX is not an expression of this language.',
};

export const REFUSED_OPERATORS: Readonly<Record<string, string>> = {
  delete: `\`delete\` ${CHANGES}.`,
  void: '`void` throws its value away; write `undefined`.',
};

/** Where regular expressions stand, and why nowhere else. */
export const PATTERN_PLACES =
  'A regular expression stands where it is used and nowhere else: `/^a/.test(text)`, or as the first argument of match, ' +
  'search, replace, replaceAll or split.';

export const PATTERN_OF_THE_PROGRAM =
  "The regular expression is written out, `/^a/.test(text)`: one of the program's can take seconds, and running it " +
  'changes its `lastIndex` and `RegExp.$1`.';

export const PATTERN_WANTED =
  'This method takes a regular expression that is written out: `text.match(/^a/)`.';

export const GLOBAL_WANTED =
  '`replaceAll` takes a regular expression with the flag `g`; write `replace` for the first match.';

/** Methods that would be in the language if they did not give what an expression cannot use. */
export const REFUSED_METHODS: Readonly<Record<string, string>> = {
  entries: '`entries` gives an iterator, which is code; write `Object.entries(…)`.',
  keys: '`keys` gives an iterator, which is code; write `Object.keys(…)`.',
  localeCompare: '`localeCompare` takes milliseconds when it is first called; compare with `<` and `===`.',
  matchAll: '`matchAll` gives an iterator, which is code; write `match` with the flag `g`.',
  sort: '`sort` changes its array.',
  reverse: '`reverse` changes its array.',
  toLocaleString:
    '`toLocaleString` takes milliseconds when it is first called; write `toString` or `toFixed`.',
  values: '`values` gives an iterator, which is code; write `Object.values(…)`.',
};

/** Global functions that have a form in the language, by name. */
export const GLOBAL_FUNCTIONS: Readonly<Record<string, string>> = {
  BigInt: 'write the bigint itself, `10n`',
  Boolean: 'write `!!value`',
  Number: 'write `+value`',
  String: 'write `${value}` between backticks',
  isFinite: 'write `Number.isFinite(value)`',
  isNaN: 'write `Number.isNaN(value)`',
  parseFloat: 'write `Number.parseFloat(value)`',
  parseInt: 'write `Number.parseInt(value)`',
};
