import type { CompiledExpression, Expression } from '@dormouse/protocol';
import { readsEnd } from '../program.js';

/**
 * The part of a condition that can be asked as a call begins: of `order.amount > 10000 && $error` the first half. Calls
 * for which it is false need not be recorded.
 */
export function earlyPart(condition: CompiledExpression): CompiledExpression | undefined {
  const tree = earlyTree(condition.tree);
  return tree && { ...condition, tree };
}

function earlyTree(tree: Expression): Expression | undefined {
  if (!readsEnd(tree)) return tree;
  if (tree.op !== 'logical' || tree.operator !== '&&') return undefined;
  const left = earlyTree(tree.left);
  const right = earlyTree(tree.right);
  if (left === undefined || right === undefined) return left ?? right;
  return { ...tree, left, right };
}
