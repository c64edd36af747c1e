import type { CompiledExpression, Expression } from '@dormouse/protocol';
import { fillFrame, type Frame, type FrameLayout } from '../frame.js';
import { compileProgram, readsEnd } from '../program.js';

/** Whether a call may be one that a condition holds for, as far as its begin tells. @param hits the number of the call */
export type MayHold = (frame: Frame, hits: number) => boolean;

/**
 * The part of a condition that can be asked as a call begins: of `order.amount > 10000 && $error` the first half. Calls
 * for which it is false need not be recorded. Where it has no value, that is told when the whole condition is asked.
 * @throws where the condition is not valid
 */
export function compileEarlyPart(condition: CompiledExpression | undefined, layout: FrameLayout): MayHold {
  const tree = condition && earlyTree(condition.tree);
  if (condition === undefined || tree === undefined) return () => true;
  const program = compileProgram({ ...condition, tree }, layout);
  return (frame, hits) => {
    try {
      if (program.needsFilledFrame) fillFrame(frame, layout, hits);
      return Boolean(program.evaluate(frame));
    } catch {
      return true;
    }
  };
}

function earlyTree(tree: Expression): Expression | undefined {
  if (!readsEnd(tree)) return tree;
  if (tree.op !== 'logical' || tree.operator !== '&&') return undefined;
  const left = earlyTree(tree.left);
  const right = earlyTree(tree.right);
  if (left === undefined || right === undefined) return left ?? right;
  return { ...tree, left, right };
}
