import { ts } from '../1-parse/typescript.js';

/** Whether an identifier stands for a variable's value rather than naming a member, label or declaration. */
export function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  switch (parent.kind) {
    case ts.SyntaxKind.PropertyAccessExpression:
      return (parent as ts.PropertyAccessExpression).expression === node;
    case ts.SyntaxKind.PropertyAssignment:
    case ts.SyntaxKind.EnumMember:
      return (parent as ts.PropertyAssignment | ts.EnumMember).initializer === node;
    case ts.SyntaxKind.VariableDeclaration:
    case ts.SyntaxKind.BindingElement:
    case ts.SyntaxKind.Parameter:
    case ts.SyntaxKind.PropertyDeclaration:
      return (parent as ts.VariableDeclaration | ts.BindingElement).initializer === node;
    case ts.SyntaxKind.ExportSpecifier:
      return isExportedVariable(parent as ts.ExportSpecifier, node);
    case ts.SyntaxKind.JsxOpeningElement:
    case ts.SyntaxKind.JsxSelfClosingElement:
      return !/^[a-z]/.test(node.text);
    case ts.SyntaxKind.FunctionDeclaration:
    case ts.SyntaxKind.FunctionExpression:
    case ts.SyntaxKind.ClassDeclaration:
    case ts.SyntaxKind.ClassExpression:
    case ts.SyntaxKind.EnumDeclaration:
    case ts.SyntaxKind.ModuleDeclaration:
    case ts.SyntaxKind.MethodDeclaration:
    case ts.SyntaxKind.GetAccessor:
    case ts.SyntaxKind.SetAccessor:
    case ts.SyntaxKind.LabeledStatement:
    case ts.SyntaxKind.BreakStatement:
    case ts.SyntaxKind.ContinueStatement:
    case ts.SyntaxKind.MetaProperty:
    case ts.SyntaxKind.JsxAttribute:
    case ts.SyntaxKind.JsxNamespacedName:
    case ts.SyntaxKind.JsxClosingElement:
    case ts.SyntaxKind.NamespaceExport:
    case ts.SyntaxKind.NamespaceExportDeclaration:
    case ts.SyntaxKind.ImportAttribute:
      return false;
    default:
      return true;
  }
}

function isExportedVariable(specifier: ts.ExportSpecifier, node: ts.Identifier): boolean {
  return (
    specifier.parent.parent.moduleSpecifier === undefined &&
    (specifier.propertyName ?? specifier.name) === node
  );
}

/** Whether all that happens to the variable here is that it is called: `f()`, `new F()`, `` f`…` ``, `<F/>`, `@f`. */
export function isOnlyCalled(node: ts.Identifier): boolean {
  const { parent } = node;
  switch (parent.kind) {
    case ts.SyntaxKind.CallExpression:
    case ts.SyntaxKind.NewExpression:
      return (parent as ts.CallExpression | ts.NewExpression).expression === node;
    case ts.SyntaxKind.TaggedTemplateExpression:
      return (parent as ts.TaggedTemplateExpression).tag === node;
    case ts.SyntaxKind.JsxOpeningElement:
    case ts.SyntaxKind.JsxSelfClosingElement:
    case ts.SyntaxKind.Decorator:
      return true;
    default:
      return false;
  }
}

/** Whether a value is given to it here, by whatever syntax: `f = 1`, `f++`, `[f] = list`, `for (f of list)`. */
export function isAssigned(node: ts.Node): boolean {
  let child: ts.Node = node;
  for (let { parent } = child; ; child = parent, parent = child.parent) {
    if (ts.isBinaryExpression(parent))
      return parent.left === child && isAssignment(parent.operatorToken.kind);
    if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
      return (
        parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
      );
    }
    if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === child;
    if (!isInTarget(parent, child)) return false;
  }
}

export function isAssignment(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}

/** `[child]`, `{ child }`, `{ a: child }`, `...child`, `(child)`, which may all be targets of an assignment. */
function isInTarget(parent: ts.Node, child: ts.Node): boolean {
  return (
    ts.isParenthesizedExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isObjectLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isSpreadAssignment(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === child)
  );
}
