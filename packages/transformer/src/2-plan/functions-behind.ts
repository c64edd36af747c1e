import { ts } from '../1-parse/typescript.js';
import type { Analysis, FunctionFacts } from './function-facts.js';
import type { Binding } from './scope.js';

/** The functions that an expression may stand for, as far as the file shows. */
export type FunctionsBehind = (node: ts.Node) => readonly ts.Node[];

/**
 * Follows a name to the function it is bound to for good, else to those that the file assigns to it, or passes for
 * it where it is a parameter.
 */
export function functionsBehind(analysis: Analysis): FunctionsBehind {
  let given: ReadonlyMap<Binding, readonly ts.Node[]> | undefined;
  return (node) => {
    const direct = functionIn(node, analysis);
    if (direct !== undefined) return [direct];
    const binding = ts.isIdentifier(node) ? analysis.references.get(node) : undefined;
    if (binding === undefined) return [];
    given ??= functionsGiven(analysis);
    return given.get(binding) ?? [];
  };
}

/** `function () {}`, `() => 1`, or the name of one. */
function functionIn(node: ts.Node, analysis: Analysis): ts.Node | undefined {
  if (ts.isParenthesizedExpression(node)) return functionIn(node.expression, analysis);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return node;
  return ts.isIdentifier(node) ? analysis.references.get(node)?.value : undefined;
}

/** All functions that are assigned to a variable, `f = () => 1`, or passed for a parameter, `run(() => 1)`. */
function functionsGiven(analysis: Analysis): ReadonlyMap<Binding, readonly ts.Node[]> {
  const given = new Map<Binding, ts.Node[]>();
  const give = (binding: Binding | undefined, value: ts.Node): void => {
    const found = functionIn(value, analysis);
    if (binding !== undefined && found !== undefined)
      given.set(binding, [...(given.get(binding) ?? []), found]);
  };
  for (const [name, binding] of analysis.references) {
    const { parent } = name;
    if (isAssignmentTo(name, parent)) give(binding, parent.right);
    if (!ts.isCallExpression(parent) || parent.expression !== name) continue;
    const called = binding?.value && analysis.functions.get(binding.value);
    for (const [index, value] of parent.arguments.entries())
      give(called && parameterAt(index, called), value);
  }
  return given;
}

function parameterAt(index: number, { node, parameters }: FunctionFacts): Binding | undefined {
  const name = (node as ts.FunctionLikeDeclaration).parameters[index]?.name;
  return name && parameters.find(({ declaredAt }) => declaredAt === name.getStart());
}

function isAssignmentTo(name: ts.Identifier, parent: ts.Node): parent is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === name &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}
