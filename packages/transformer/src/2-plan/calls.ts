import type { Exits } from '@dormouse/protocol';
import { ts } from '../1-parse/typescript.js';
import type { FunctionFacts } from './function-facts.js';

/** How a function's only body tells of its calls. */
export interface CallsPlan {
  /**
   * `wrapped`: a `try` around the whole body sees every end. `returns`: nothing is put around it, because that
   * would cost a function that runs often, or change what a name in it means.
   */
  readonly layout: 'wrapped' | 'returns';
  /** The `return` statements, and those `throw` statements whose error certainly leaves the function. */
  readonly ends: readonly End[];
  /** Whether control can reach the end of the body. */
  readonly fallsOff: boolean;
}

export type End = ts.ReturnStatement | ts.ThrowStatement;

export function isEnd(node: ts.Node): node is End {
  return ts.isReturnStatement(node) || ts.isThrowStatement(node);
}

/** Whether a `return` or `throw` of the function that `node` belongs to stands in it. */
export function containsEnd(node: ts.Node): boolean {
  if (isEnd(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, containsEnd) ?? false;
}

/**
 * @param ends the function's own, in text order
 * @returns undefined where a call cannot be followed: code made at run time may use any name, and modules, static
 * blocks and field initialisers are no calls
 */
export function planCalls(facts: FunctionFacts, body: ts.Node, ends: readonly End[]): CallsPlan | undefined {
  const { kind, features, async, generator } = facts;
  if (kind === 'module' || kind === 'static-block' || kind === 'field') return undefined;
  if (features.has('direct eval') || features.has('with')) return undefined;
  const layout = (async || generator) && canBeWrapped(facts, body) ? 'wrapped' : 'returns';
  const catchesAll = layout === 'wrapped' && async;
  return {
    layout,
    ends: ends.filter((end) => ts.isReturnStatement(end) || (!catchesAll && leavesFunction(end))),
    fallsOff: ts.isBlock(body) && canFallOff(body),
  };
}

/** What the manifest says of a function with one body. */
export function exitsOf(calls: CallsPlan | undefined, { async }: FunctionFacts): Exits {
  if (calls === undefined) return 'none';
  if (calls.layout === 'returns') return 'returns';
  return async ? 'all' : 'ends';
}

/** Whether no `try` of the function is around it: one with a `catch` may keep the error, one with a `finally` replace it. */
function leavesFunction(end: ts.ThrowStatement): boolean {
  let child: ts.Node = end;
  while (!ts.isFunctionLike(child)) {
    const { parent } = child;
    if (ts.isTryStatement(parent) && parent.tryBlock === child) return false;
    child = parent;
  }
  return true;
}

function canFallOff({ statements }: ts.Block): boolean {
  const last = statements.at(-1);
  return last === undefined || !endsAbruptly(last);
}

function endsAbruptly(statement: ts.Statement): boolean {
  if (isEnd(statement)) return true;
  if (ts.isBlock(statement)) return !canFallOff(statement);
  if (!ts.isIfStatement(statement) || statement.elseStatement === undefined) return false;
  return endsAbruptly(statement.thenStatement) && endsAbruptly(statement.elseStatement);
}

/**
 * A function declared by the body itself belongs to the block once there is one around it. That is the same unless
 * its name is declared a second time. And `let a` beside a parameter `a`, which is an error, must stay one.
 */
function canBeWrapped({ parameters }: FunctionFacts, body: ts.Node): boolean {
  if (!ts.isBlock(body)) return true;
  const taken = [...parameters.map(({ name }) => name), 'arguments'];
  if (body.statements.flatMap(lexicalNames).some((name) => taken.includes(name))) return false;
  if (body.statements.some(isLabelledFunction)) return false;
  const declared = body.statements.filter(ts.isFunctionDeclaration).map(({ name }) => name?.text);
  if (declared.length === 0) return true;
  const all = [...taken, ...hoistedNames(body)];
  return declared.every((name) => all.filter((other) => other === name).length === 1);
}

/** `a: function f() {}`: old code that engines put up with, as one of the body's own functions. */
function isLabelledFunction(statement: ts.Statement): boolean {
  if (!ts.isLabeledStatement(statement)) return false;
  return ts.isFunctionDeclaration(statement.statement) || isLabelledFunction(statement.statement);
}

/** The names of `let`, `const`, `using` and `class`. */
function lexicalNames(statement: ts.Statement): readonly string[] {
  if (ts.isClassDeclaration(statement)) return statement.name ? [statement.name.text] : [];
  if (!ts.isVariableStatement(statement)) return [];
  const { declarationList } = statement;
  return (declarationList.flags & ts.NodeFlags.BlockScoped) === 0 ? [] : hoistedNames(declarationList);
}

/** The names that variables and function declarations at any depth of a function give to it or to its blocks. */
function hoistedNames(node: ts.Node): readonly string[] {
  const names: string[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isFunctionDeclaration(child) && child.name) names.push(child.name.text);
    if (ts.isFunctionLike(child)) return;
    if ((ts.isVariableDeclaration(child) || ts.isBindingElement(child)) && ts.isIdentifier(child.name)) {
      names.push(child.name.text);
    }
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return names;
}
