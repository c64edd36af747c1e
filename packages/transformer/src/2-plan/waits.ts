import { ts } from '../1-parse/typescript.js';
import type { FunctionFacts } from './function-facts.js';

/** Whether a call of the function may be suspended here: at an expression, in a loop, or where one is left. */
export function isWait(node: ts.Node, { async, generator }: FunctionFacts): boolean {
  if (!async) return false;
  if (ts.isAwaitExpression(node) || isForAwait(node)) return true;
  if (ts.isYieldExpression(node)) return generator;
  return ts.isBreakOrContinueStatement(node) && leavesForAwait(node);
}

export function isForAwait(node: ts.Node): node is ts.ForOfStatement {
  return ts.isForOfStatement(node) && node.awaitModifier !== undefined;
}

/** Whether the jump makes a `for await` ask for its next value, or close what it reads from. */
function leavesForAwait(jump: ts.BreakOrContinueStatement): boolean {
  let found = false;
  for (let around = jump.parent; !ts.isFunctionLike(around); around = around.parent) {
    found ||= isForAwait(around);
    if (isTarget(around, jump) || ts.isSourceFile(around)) break;
  }
  return found;
}

function isTarget(node: ts.Node, { kind, label }: ts.BreakOrContinueStatement): boolean {
  if (label !== undefined) return ts.isLabeledStatement(node) && node.label.text === label.text;
  if (ts.isSwitchStatement(node)) return kind === ts.SyntaxKind.BreakStatement;
  return ts.isIterationStatement(node, /* lookInLabeledStatements: */ false);
}
