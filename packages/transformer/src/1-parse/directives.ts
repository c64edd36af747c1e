import { ts } from './typescript.js';

/** The directive prologue (`"use strict"`, `"use client"`, …) of a file's or function's statements. */
export function directivesOf(statements: readonly ts.Statement[]): readonly ts.ExpressionStatement[] {
  const end = statements.findIndex((statement) => !isDirective(statement));
  return (end < 0 ? statements : statements.slice(0, end)) as readonly ts.ExpressionStatement[];
}

function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}
