import { ts } from './typescript.js';

/**
 * Whether the parser took a variable named `let` for the keyword, which it does in `let` ⏎ `{}`: it finds a
 * declaration of a pattern without a value, which engines refuse everywhere but in a loop's head.
 */
export function misreadLet(file: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean =>
    isPatternWithoutValue(node) || ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  return /\blet\s*[{[]/.test(file.text) && visit(file);
}

function isPatternWithoutValue(node: ts.Node): boolean {
  if (!ts.isVariableDeclaration(node) || ts.isIdentifier(node.name) || node.initializer) return false;
  const { parent: list } = node;
  if (!ts.isVariableDeclarationList(list)) return false;
  return !ts.isForInStatement(list.parent) && !ts.isForOfStatement(list.parent);
}
