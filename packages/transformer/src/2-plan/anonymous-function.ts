import { ts } from '../1-parse/typescript.js';

/** Whether a value is a function or class without a name, which takes the name of what it is assigned to. */
export function isAnonymousFunction(node: ts.Node): boolean {
  if (isAroundValue(node)) return isAnonymousFunction(node.expression);
  if (ts.isArrowFunction(node)) return true;
  return (ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name === undefined;
}

/** `(value)`, and what is only there for TypeScript: `value as T`, `<T>value`, `value satisfies T`, `value!`. */
export function isAroundValue(node: ts.Node): node is ts.Node & { readonly expression: ts.Expression } {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAssertionExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node)
  );
}
