import { ts } from '../1-parse/typescript.js';
import { hasModifier } from './analyse.js';
import { isAnonymousFunction } from './anonymous-function.js';

/** Where a hook can stand: before a statement, in a block made for it, or in front of an expression. */
export type Place = 'before' | 'block' | 'expression';

/** The place of the hook that belongs to `node`, if it is something to stop at. */
export function placeOf(node: ts.Node): Place | undefined {
  const { parent } = node;
  if (parent === undefined) return undefined;
  if (ts.isArrowFunction(parent)) return parent.body === node && !ts.isBlock(node) ? 'expression' : undefined;
  if (ts.isPropertyDeclaration(parent)) return isInitialiser(parent, node) ? 'expression' : undefined;
  if (!isProbeable(node)) return undefined;
  if (isStatementList(parent)) return 'before';
  return isBodyOf(parent, node) && !isDeclaration(node) && !isDeepInElses(node) ? 'block' : undefined;
}

/** A statement with the labels in front of it, which are one point with it. */
export function withLabels(statement: ts.Statement): ts.Statement {
  const { parent } = statement;
  return ts.isLabeledStatement(parent) ? withLabels(parent) : statement;
}

/** What engines refuse as a body without braces, as in `if (a) let b = 1;`. The parser does not, and a block would allow it. */
function isDeclaration(node: ts.Node): boolean {
  if (ts.isVariableStatement(node)) return (node.declarationList.flags & ts.NodeFlags.BlockScoped) !== 0;
  return ts.isClassDeclaration(node) || ts.isEnumDeclaration(node);
}

/**
 * An `else if` gets a block around all that follows it, so a chain of them nests as deep as it is long, and engines
 * parse blocks on a stack. From here on the tests of a chain have no hook; what they guard still does.
 */
const LONGEST_CHAIN = 100;

function isDeepInElses(node: ts.Node): boolean {
  let around = node;
  for (let length = 0; length < LONGEST_CHAIN; length++) {
    const { parent } = around;
    if (!ts.isIfStatement(around) || !ts.isIfStatement(parent) || parent.elseStatement !== around)
      return false;
    around = parent;
  }
  return true;
}

/** A function without a name takes the field's, which it would not behind a hook; its own lines are probed. */
function isInitialiser({ initializer }: ts.PropertyDeclaration, node: ts.Node): boolean {
  return initializer === node && !isAnonymousFunction(node);
}

function isStatementList(node: ts.Node): boolean {
  return ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseOrDefaultClause(node);
}

/** `if (a) node; else node;`, `for (…) node`, `while (a) node`, `do node; while (a)`. */
function isBodyOf(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isIfStatement(parent)) return parent.thenStatement === node || parent.elseStatement === node;
  return ts.isIterationStatement(parent, /* lookInLabeledStatements: */ false) && parent.statement === node;
}

/** Statements that do something when control reaches them. */
function isProbeable(node: ts.Node): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.ExpressionStatement:
    case ts.SyntaxKind.VariableStatement:
    case ts.SyntaxKind.IfStatement:
    case ts.SyntaxKind.DoStatement:
    case ts.SyntaxKind.WhileStatement:
    case ts.SyntaxKind.ForStatement:
    case ts.SyntaxKind.ForInStatement:
    case ts.SyntaxKind.ForOfStatement:
    case ts.SyntaxKind.ContinueStatement:
    case ts.SyntaxKind.BreakStatement:
    case ts.SyntaxKind.ReturnStatement:
    case ts.SyntaxKind.WithStatement:
    case ts.SyntaxKind.SwitchStatement:
    case ts.SyntaxKind.ThrowStatement:
    case ts.SyntaxKind.TryStatement:
    case ts.SyntaxKind.DebuggerStatement:
    case ts.SyntaxKind.ClassDeclaration:
    case ts.SyntaxKind.EnumDeclaration:
    case ts.SyntaxKind.ExportAssignment:
      return !hasModifier(node, ts.SyntaxKind.DeclareKeyword);
    case ts.SyntaxKind.LabeledStatement:
      return isProbeableUnderLabel((node as ts.LabeledStatement).statement);
    default:
      return false;
  }
}

/** `label: {}` is a block with a name; its statements are probed, not the block. */
function isProbeableUnderLabel(node: ts.Statement): boolean {
  return ts.isLabeledStatement(node) ? isProbeableUnderLabel(node.statement) : isProbeable(node);
}
