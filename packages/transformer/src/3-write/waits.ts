import { ts } from '../1-parse/typescript.js';
import type { FunctionPlan } from '../2-plan/plan.js';
import { isAroundValue } from '../2-plan/anonymous-function.js';
import { withLabels } from '../2-plan/point.js';
import { isAssigned, isAssignment } from '../2-plan/reference.js';
import { isForAwait } from '../2-plan/waits.js';
import { type Insertion, after, before, beforeOperand, wrapping } from './insertion.js';
import type { Names } from './names.js';

/**
 * What the calls of an async function tell of their waiting, as text around `await`, `yield` and `for await`:
 *
 *     const rows=await S.w(load(id),$f?.a());$f?.r();
 *     total+=S.w(await($f?.a(),price),$f?.r())
 *     $f?.a();for await(const row of rows){$f?.r(); … ;$f?.a()}$f?.r();
 *
 * `S.w` returns its first argument. A local instead would be free where the function is not optimised yet, some 10 ns
 * of each `await` there; but it would hold what was awaited until the next time.
 */
export function waitInsertions(plan: FunctionPlan, file: ts.SourceFile, names: Names): readonly Insertion[] {
  const writer = new WaitWriter(plan, file, names);
  return plan.waits.flatMap((node) => writer.around(node));
}

type Suspension = ts.AwaitExpression | ts.YieldExpression;

class WaitWriter {
  readonly #file: ts.SourceFile;
  readonly #first: string;
  readonly #suspends: string;
  readonly #goesOn: string;
  /** The statements that have a hook before them, and so a place for more. */
  readonly #hooked: ReadonlySet<ts.Node>;

  constructor({ points }: FunctionPlan, file: ts.SourceFile, { frame, first }: Names) {
    this.#file = file;
    this.#first = first;
    this.#suspends = `${frame}?.a()`;
    this.#goesOn = `${frame}?.r()`;
    this.#hooked = new Set(points.map(({ node }) => node));
  }

  around(node: ts.Node): readonly Insertion[] {
    if (isForAwait(node)) return this.#aroundLoop(node);
    if (ts.isBreakOrContinueStatement(node)) return this.#beforeStatement(node, this.#suspends);
    return [...this.#aroundWhole(node as Suspension), ...this.#aroundOperand(node as Suspension)];
  }

  /** Says that the call goes on. Nothing is needed where it then ends. */
  #aroundWhole(node: Suspension): readonly Insertion[] {
    if (endsCall(node)) return [];
    const statement = statementEndingWith(node);
    if (statement !== undefined && this.#hasPlace(withLabels(statement))) {
      return this.#afterStatement(withLabels(statement));
    }
    if (isQuoted(node) || isImport(node) || isAssigned(node)) return [];
    const start = node.getStart(this.#file);
    return [wrapping(node, start, `${this.#first}(`), after(start, node.end, `,${this.#goesOn})`)];
  }

  /** Says that the call waits, once what it waits for has been evaluated. */
  #aroundOperand(node: Suspension): readonly Insertion[] {
    const operand = node.expression;
    const keywordEnd = node.getStart(this.#file) + (ts.isAwaitExpression(node) ? 'await' : 'yield').length;
    if (operand === undefined) return [after(keywordEnd, keywordEnd, ` void ${this.#suspends}`)];
    const statement = statementBeginningWith(node);
    if (statement !== undefined && (mustStay(node) || isNamedAfter(node))) {
      const outermost = withLabels(statement);
      if (this.#hasPlace(outermost)) return this.#beforeStatement(outermost, this.#suspends);
    }
    if (mustStay(node)) return [];
    const start = operand.getStart(this.#file);
    if (isAtHand(operand)) {
      return [beforeOperand(start, `(${this.#suspends},`), after(start, operand.end, ')')];
    }
    const gap = start === keywordEnd ? ' ' : '';
    return [beforeOperand(start, `${gap}${this.#first}(`), after(start, operand.end, `,${this.#suspends})`)];
  }

  /** It waits from its head to its body, from one turn to the next, and when it is left. */
  #aroundLoop(loop: ts.ForOfStatement): readonly Insertion[] {
    const outermost = withLabels(loop);
    return [
      ...(this.#hasPlace(outermost) ? this.#afterStatement(outermost) : []),
      ...this.#beforeStatement(outermost, this.#suspends),
      ...this.#aroundBody(loop.statement),
    ];
  }

  #aroundBody(body: ts.Statement): readonly Insertion[] {
    if (ts.isBlock(body)) {
      return [
        before(body.getStart(this.#file) + 1, `${this.#goesOn};`),
        before(body.end - 1, `;${this.#suspends}`),
      ];
    }
    if (!this.#hasPlace(body)) return [];
    const start = body.getStart(this.#file);
    return [
      before(start, `${this.#goesOn};`),
      after(start, body.end, `${this.#endOf(body)}${this.#suspends};`),
    ];
  }

  #beforeStatement(statement: ts.Node, text: string): readonly Insertion[] {
    return this.#hasPlace(statement) ? [before(statement.getStart(this.#file), `${text};`)] : [];
  }

  #afterStatement(statement: ts.Node): readonly Insertion[] {
    const text = `${this.#endOf(statement)}${this.#goesOn};`;
    return [after(statement.getStart(this.#file), statement.end, text)];
  }

  #endOf(statement: ts.Node): string {
    return this.#file.text[statement.end - 1] === ';' ? '' : ';';
  }

  /** Whether other statements may stand beside it: in a list, or in the block that its hook has made. */
  #hasPlace(statement: ts.Node): boolean {
    return isInList(statement) || this.#hooked.has(statement);
  }
}

/** `return await child`, `throw await child`, `() => await child` */
function endsCall(node: ts.Node): boolean {
  const { parent } = node;
  if (isAroundValue(parent)) return endsCall(parent);
  return ts.isReturnStatement(parent) || ts.isThrowStatement(parent) || isArrowBody(parent, node);
}

function isArrowBody(parent: ts.Node, node: ts.Node): boolean {
  return ts.isArrowFunction(parent) && parent.body === node;
}

/** The statement that evaluates nothing after `node`: `await x;`, `a = await x;`, `const b = 1, a = await x;` */
function statementEndingWith(node: ts.Node): ts.Statement | undefined {
  const { parent } = node;
  if (isAroundValue(parent)) return statementEndingWith(parent);
  if (ts.isExpressionStatement(parent)) return parent;
  if (ts.isBinaryExpression(parent)) {
    const isAssigned = isAssignment(parent.operatorToken.kind) && parent.right === node;
    return isAssigned && ts.isExpressionStatement(parent.parent) ? parent.parent : undefined;
  }
  const list = declarationsEndingWith(node);
  return list && ts.isVariableStatement(list.parent) ? list.parent : undefined;
}

function declarationsEndingWith({ parent }: ts.Node): ts.VariableDeclarationList | undefined {
  if (!ts.isVariableDeclaration(parent) || !ts.isVariableDeclarationList(parent.parent)) return undefined;
  return parent.parent.declarations.at(-1) === parent ? parent.parent : undefined;
}

/** The statement that evaluates nothing before `node`: `await x;`, `const a = await x;` */
function statementBeginningWith(node: ts.Node): ts.Statement | undefined {
  const statement = statementEndingWith(node);
  if (statement === undefined) return undefined;
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.length === 1 ? statement : undefined;
  }
  return ts.isBinaryExpression((statement as ts.ExpressionStatement).expression) ? undefined : statement;
}

/** Whether nothing may stand around the operand: V8 quotes that of `yield*` where it is not iterable. */
function mustStay(node: Suspension): boolean {
  return isImport(node) || (ts.isYieldExpression(node) && node.asteriskToken !== undefined);
}

/** `await import('…')`: bundlers look for it, and for what is done with it. */
function isImport({ expression }: Suspension): boolean {
  if (expression === undefined || !ts.isCallExpression(expression)) return false;
  return expression.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** `const x = await new Promise((resolve) => …)`: in stacks V8 calls the function `x`, unless a call follows behind it. */
function isNamedAfter({ parent, expression }: Suspension): boolean {
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  if (expression === undefined || !ts.isNewExpression(expression)) return false;
  return expression.arguments?.some((value) => ts.isFunctionLike(value)) ?? false;
}

/** Whether to evaluate it takes no time, and runs nothing. */
function isAtHand(operand: ts.Node): boolean {
  switch (operand.kind) {
    case ts.SyntaxKind.Identifier:
    case ts.SyntaxKind.ThisKeyword:
    case ts.SyntaxKind.NullKeyword:
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
      return true;
    default:
      return ts.isLiteralExpression(operand);
  }
}

/**
 * Whether V8 may quote an expression that holds `node` in an error's message, which for an `await` has `(intermediate
 * value)`: `(await x).map()`, `const { a } = await x, b = 1`, `[...await x]`. Of calls it leaves out the arguments.
 */
function isQuoted(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression === node;
  if (ts.isTaggedTemplateExpression(parent)) return parent.tag === node;
  if (ts.isForOfStatement(parent)) return parent.expression === node;
  if (ts.isSpreadElement(parent) || ts.isBindingElement(parent)) return true;
  if (ts.isYieldExpression(parent) && parent.asteriskToken !== undefined) return true;
  if (ts.isVariableDeclaration(parent)) return !ts.isIdentifier(parent.name);
  if (isDestructuring(parent)) return true;
  return !isAroundExpressions(parent) && isQuoted(parent);
}

/** `[a] = b`, `({ a } = b)` */
function isDestructuring(node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    (ts.isArrayLiteralExpression(node.left) || ts.isObjectLiteralExpression(node.left))
  );
}

function isAroundExpressions(node: ts.Node): boolean {
  return ts.isStatement(node) || ts.isFunctionLike(node) || ts.isClassLike(node);
}

function isInList({ parent }: ts.Node): boolean {
  return ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent);
}
