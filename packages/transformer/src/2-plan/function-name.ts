import { ts } from '../1-parse/typescript.js';

/** Translates an identifier's text to what the original source calls it. */
export type Spell = (name: ts.Identifier) => string;

/** Names a function as a debugger would: `Ledger.settle`, `price`, `<anonymous>`, `<module>`. */
export function functionName(node: ts.Node, spell: Spell): string {
  if (ts.isSourceFile(node)) return '<module>';
  if (ts.isClassStaticBlockDeclaration(node)) return `${ownerName(node.parent, spell) ?? '<class>'}.<static>`;
  if (ts.isConstructorDeclaration(node)) return `${ownerName(node.parent, spell) ?? '<class>'}.constructor`;
  return nameOf(node, spell) ?? '<anonymous>';
}

function nameOf(node: ts.Node, spell: Spell): string | undefined {
  const { name } = node as { name?: ts.Node };
  if (name === undefined) return nameFromPosition(node, spell);
  const own = propertyName(name, spell);
  const owner = isMember(node) ? ownerName(node.parent, spell) : undefined;
  return owner === undefined ? own : `${owner}.${own}`;
}

function isMember(node: ts.Node): boolean {
  return (
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node)
  );
}

/** The class or object literal that a member belongs to. */
function ownerName(node: ts.Node, spell: Spell): string | undefined {
  if (ts.isClassLike(node) && node.name) return spell(node.name);
  return nameFromPosition(node, spell);
}

/** `const price = …`, `{ price: … }`, `exports.price = …`, `class { price = … }`, `(price = …) => …`. */
function nameFromPosition(node: ts.Node, spell: Spell): string | undefined {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return nameFromPosition(parent, spell);
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent)) {
    return ts.isIdentifier(parent.name) ? spell(parent.name) : undefined;
  }
  if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) return nameOf(parent, spell);
  if (ts.isBinaryExpression(parent) && parent.right === node && isAssignment(parent)) {
    return assignedName(parent.left, spell);
  }
  return ts.isExportAssignment(parent) || isDefaultExport(node) ? 'default' : undefined;
}

function assignedName(target: ts.Node, spell: Spell): string | undefined {
  if (ts.isIdentifier(target)) return spell(target);
  if (!ts.isPropertyAccessExpression(target)) return undefined;
  const own = target.name.text;
  const owner = target.expression;
  if (
    ts.isPropertyAccessExpression(owner) &&
    owner.name.text === 'prototype' &&
    ts.isIdentifier(owner.expression)
  ) {
    return `${spell(owner.expression)}.${own}`;
  }
  return own;
}

function isAssignment({ operatorToken }: ts.BinaryExpression): boolean {
  return operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

function isDefaultExport(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false)
  );
}

function propertyName(name: ts.Node, spell: Spell): string {
  if (ts.isIdentifier(name)) return spell(name);
  if (ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) || ts.isPrivateIdentifier(name))
    return name.text;
  const text = name.getText();
  return text.length <= 60 && !text.includes('\n') ? text : '[computed]';
}
