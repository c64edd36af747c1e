import type { BranchArm } from '@dormouse/protocol';
import { ts } from '../1-parse/typescript.js';
import { withLabels } from './point.js';

/** A branching statement, by the index of its point, and one of its arms. */
export type Branch = readonly [of: number, arm: BranchArm];

/**
 * The innermost branching statement of a function around a point, among those that are points themselves.
 * @param indexOf the index of the function's point at a statement, if there is one
 */
export function branchAround(
  node: ts.Node,
  body: ts.Node,
  indexOf: (statement: ts.Node) => number | undefined,
): Branch | undefined {
  for (let child = node; child !== body && child.parent !== undefined; child = child.parent) {
    const arm = armOf(child);
    if (arm === undefined) continue;
    const of = indexOf(withLabels(branchingStatement(child.parent)));
    if (of !== undefined) return [of, arm];
  }
  return undefined;
}

function armOf(node: ts.Node): BranchArm | undefined {
  const { parent } = node;
  if (ts.isIfStatement(parent)) {
    if (parent.thenStatement === node) return 'then';
    return parent.elseStatement === node ? 'else' : undefined;
  }
  if (ts.isIterationStatement(parent, /* lookInLabeledStatements: */ false)) {
    return parent.statement === node ? 'body' : undefined;
  }
  if (ts.isCaseBlock(parent)) return ts.isDefaultClause(node) ? 'default' : 'case';
  if (!ts.isTryStatement(parent)) return undefined;
  if (parent.catchClause === node) return 'catch';
  return parent.finallyBlock === node ? 'finally' : undefined;
}

function branchingStatement(parent: ts.Node): ts.Statement {
  return (ts.isCaseBlock(parent) ? parent.parent : parent) as ts.Statement;
}
