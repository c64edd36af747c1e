import { ts } from '../1-parse/typescript.js';

/** Whether a value is a function or class without a name, which takes the name of what it is assigned to. */
export function isAnonymousFunction(node: ts.Node): boolean {
  if (ts.isParenthesizedExpression(node)) return isAnonymousFunction(node.expression);
  if (ts.isArrowFunction(node)) return true;
  return (ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name === undefined;
}
