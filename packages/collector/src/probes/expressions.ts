import { checkNames, ExpressionError, parseExpression, parseTemplate } from '@dormouse/expression/parse';
import type {
  CompiledExpression,
  NamedExpression,
  ProbeEvent,
  ProbeKind,
  ProbeRequest,
} from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { Template } from './definition.js';

/** What expressions may read besides variables, by what the probe waits for. */
const SPECIALS: Readonly<Record<ProbeEvent, readonly string[]>> = {
  line: ['$hits', '$ctx'],
  entry: ['$hits', '$ctx'],
  return: ['$hits', '$ctx', '$return', '$duration'],
  throw: ['$hits', '$ctx', '$error', '$duration'],
  end: ['$hits', '$ctx', '$return', '$error', '$duration'],
};

/** The expressions of a request, parsed. */
export interface ParsedExpressions {
  readonly condition?: CompiledExpression;
  readonly watches: readonly CompiledExpression[];
  readonly template?: Template;
  readonly expect?: CompiledExpression;
  readonly attributes?: readonly NamedExpression[];
}

/** @throws {CollectorError} SYNTAX_ERROR, UNSUPPORTED_SYNTAX, LIMIT_EXCEEDED, REDACTED_NAME */
export function parseExpressions({
  condition,
  expect,
  watches = [],
  template,
  attributes,
}: ProbeRequest): ParsedExpressions {
  return {
    ...(condition !== undefined && { condition: located('condition', () => parseExpression(condition)) }),
    ...(expect !== undefined && { expect: located('expect', () => parseExpression(expect)) }),
    watches: watches.map((watch, index) => located(`watches[${index}]`, () => parseExpression(watch))),
    ...(template !== undefined && {
      template: { text: template, parts: located('template', () => parseTemplate(template)) },
    }),
    ...(attributes !== undefined && {
      attributes: Object.entries(attributes).map(([name, source]) => ({
        name,
        expression: located(`attributes.${name}`, () => parseExpression(source)),
      })),
    }),
  };
}

/**
 * A span's condition is asked when a call begins, whatever it waits for.
 * @throws {CollectorError} UNKNOWN_VARIABLE, REDACTED_NAME
 */
export function checkExpressions(
  parsed: ParsedExpressions,
  kind: ProbeKind,
  on: ProbeEvent,
  variables: readonly string[],
): void {
  const check = (path: string, expression: CompiledExpression, event = on): void =>
    located(path, () => checkNames(expression, [...variables, ...SPECIALS[event]]));

  if (parsed.condition !== undefined) check('condition', parsed.condition, kind === 'span' ? 'entry' : on);
  if (parsed.expect !== undefined) check('expect', parsed.expect);
  for (const [index, watch] of parsed.watches.entries()) check(`watches[${index}]`, watch);
  for (const part of parsed.template?.parts ?? []) {
    if (typeof part !== 'string') check('template', part);
  }
  for (const { name, expression } of parsed.attributes ?? []) check(`attributes.${name}`, expression);
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
