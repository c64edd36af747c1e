import type { Expression, Predicate } from '@dormouse/protocol';

/** Longest text of one error's sub-expression. */
const TEXT_LENGTH = 120;

/** A tree as text: what an error names, so fully bracketed where precedence could be misread. */
export function print(tree: Expression): string {
  const text = printed(tree);
  return text.length <= TEXT_LENGTH ? text : `${text.slice(0, TEXT_LENGTH)}…`;
}

function printed(tree: Expression | Predicate): string {
  switch (tree.op) {
    case 'literal':
      return typeof tree.value === 'string' ? JSON.stringify(tree.value) : String(tree.value);
    case 'bigint':
      return `${tree.digits}n`;
    case 'undefined':
      return 'undefined';
    case 'name':
      return tree.name;
    case 'member':
      return `${atom(tree.object)}${printedKey(tree.key, tree.optional)}`;
    case 'chain':
      return printed(tree.body);
    case 'unary':
      return `${tree.operator}${tree.operator === 'typeof' ? ' ' : ''}${atom(tree.operand)}`;
    case 'binary':
    case 'logical':
      return `${atom(tree.left)} ${tree.operator} ${atom(tree.right)}`;
    case 'conditional':
      return `${atom(tree.test)} ? ${atom(tree.then)} : ${atom(tree.otherwise)}`;
    case 'template':
      return `\`${tree.parts.map((part) => (typeof part === 'string' ? part : `\${${printed(part)}}`)).join('')}\``;
    case 'array':
      return `[${tree.items.map(printed).join(', ')}]`;
    case 'object':
      return `{ ${tree.entries.map(([key, value]) => `${key}: ${printed(value)}`).join(', ')} }`;
    case 'call':
      return `${atom(tree.object)}${tree.optional ? '?.' : '.'}${tree.method}(${tree.args.map(printed).join(', ')})`;
    case 'instanceof':
      return `${atom(tree.object)} instanceof ${tree.className}`;
    case 'regexp':
      return `/${tree.pattern}/${tree.flags}`;
    case 'arrow':
      return `(${tree.parameters.join(', ')}) => ${printed(tree.body)}`;
  }
}

const BARE_NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function printedKey(key: Expression, optional: boolean): string {
  if (key.op === 'literal' && typeof key.value === 'string' && BARE_NAME.test(key.value)) {
    return `${optional ? '?.' : '.'}${key.value}`;
  }
  return `${optional ? '?.' : ''}[${printed(key)}]`;
}

const COMPOUND: ReadonlySet<string> = new Set(['unary', 'binary', 'logical', 'conditional', 'instanceof']);

const atom = (tree: Expression): string => (COMPOUND.has(tree.op) ? `(${printed(tree)})` : printed(tree));
