import { checkNames, ExpressionError, parseExpression, parseTemplate } from '@dormouse/expression/parse';
import type { CompiledExpression, ProbeRequest } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { Template } from './definition.js';

/** What a line's expressions may read besides its variables. */
const SPECIALS = ['$hits'];

/** The expressions of a request, parsed. */
export interface ParsedExpressions {
  readonly condition?: CompiledExpression;
  readonly watches: readonly CompiledExpression[];
  readonly template?: Template;
}

/** @throws {CollectorError} SYNTAX_ERROR, UNSUPPORTED_SYNTAX, LIMIT_EXCEEDED, REDACTED_NAME */
export function parseExpressions({ condition, watches = [], template }: ProbeRequest): ParsedExpressions {
  return {
    ...(condition !== undefined && { condition: located('condition', () => parseExpression(condition)) }),
    watches: watches.map((watch, index) => located(`watches[${index}]`, () => parseExpression(watch))),
    ...(template !== undefined && {
      template: { text: template, parts: located('template', () => parseTemplate(template)) },
    }),
  };
}

/** @throws {CollectorError} UNKNOWN_VARIABLE, REDACTED_NAME */
export function checkExpressions(parsed: ParsedExpressions, variables: readonly string[]): void {
  const inScope = [...variables, ...SPECIALS];
  const check = (path: string, expression: CompiledExpression): void =>
    located(path, () => checkNames(expression, inScope));

  if (parsed.condition !== undefined) check('condition', parsed.condition);
  for (const [index, watch] of parsed.watches.entries()) check(`watches[${index}]`, watch);
  for (const part of parsed.template?.parts ?? []) {
    if (typeof part !== 'string') check('template', part);
  }
}

/** Says where in the request the expression stands whose error passes by. */
function located<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { code, message, excerpt, suggestions } = error;
    throw new CollectorError(code, message, {
      path,
      excerpt,
      ...(suggestions.length > 0 && { suggestions }),
    });
  }
}
