import type { Expression, Predicate } from '@dormouse/protocol';

/** Where variables stand that cannot be read: an expression that never comes to one has a value all the same. */
export const VARIABLES = '$variables';

/** A tree in which every reading of some variables is one of a property of {@link VARIABLES}. */
export function behindVariables(tree: Expression, names: ReadonlySet<string>): Expression {
  const inside = (part: Expression): Expression => behindVariables(part, names);
  switch (tree.op) {
    case 'name':
      if (!names.has(tree.name)) return tree;
      return {
        op: 'member',
        object: { op: 'name', name: VARIABLES },
        key: { op: 'literal', value: tree.name },
        optional: false,
      };
    case 'member':
      return { ...tree, object: inside(tree.object), key: inside(tree.key) };
    case 'chain':
      return { ...tree, body: inside(tree.body) };
    case 'unary':
      return { ...tree, operand: inside(tree.operand) };
    case 'binary':
    case 'logical':
      return { ...tree, left: inside(tree.left), right: inside(tree.right) } as Expression;
    case 'conditional':
      return {
        ...tree,
        test: inside(tree.test),
        then: inside(tree.then),
        otherwise: inside(tree.otherwise),
      };
    case 'template':
      return { ...tree, parts: tree.parts.map((part) => (typeof part === 'string' ? part : inside(part))) };
    case 'array':
      return { ...tree, items: tree.items.map(inside) };
    case 'object':
      return { ...tree, entries: tree.entries.map(([key, value]) => [key, inside(value)] as const) };
    case 'call':
      return {
        ...tree,
        object: inside(tree.object),
        args: tree.args.map((argument) =>
          argument.op === 'arrow' ? inPredicate(argument, names) : inside(argument),
        ),
      };
    case 'instanceof':
      return { ...tree, object: inside(tree.object) };
    default:
      return tree;
  }
}

/** Its parameters hide variables of the same names. */
function inPredicate(predicate: Predicate, names: ReadonlySet<string>): Predicate {
  const { parameters, body } = predicate;
  const visible = new Set([...names].filter((name) => !parameters.includes(name)));
  return { ...predicate, body: behindVariables(body, visible) };
}
