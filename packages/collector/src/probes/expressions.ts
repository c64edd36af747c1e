import { checkNames, ExpressionError, parseExpression, parseTemplate } from '@dormouse/expression/parse';
import {
  METRIC_LIMITS,
  type CompiledExpression,
  type MetricCommand,
  type NamedExpression,
  type ProbeEvent,
  type ProbeKind,
  type ProbeRequest,
} from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import { isMetric } from '../metrics/kinds.js';
import type { Template } from './definition.js';
import type { Scope } from './spot.js';

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
  readonly metric?: MetricCommand;
  readonly attributes?: readonly NamedExpression[];
}

/** @throws {CollectorError} SYNTAX_ERROR, UNSUPPORTED_SYNTAX, LIMIT_EXCEEDED, REDACTED_NAME */
export function parseExpressions(request: Omit<ProbeRequest, 'service' | 'location'>): ParsedExpressions {
  const { condition, expect, watches = [], template, attributes } = request;
  return {
    ...(condition !== undefined && { condition: located('condition', () => parseExpression(condition)) }),
    ...(expect !== undefined && { expect: located('expect', () => parseExpression(expect)) }),
    watches: watches.map((watch, index) => located(`watches[${index}]`, () => parseExpression(watch))),
    ...(template !== undefined && {
      template: { text: template, parts: located('template', () => parseTemplate(template)) },
    }),
    ...(isMetric(request.kind) && { metric: parseMetric(request) }),
    ...(attributes !== undefined && {
      attributes: Object.entries(attributes).map(([name, source]) => ({
        name,
        expression: located(`attributes.${name}`, () => parseExpression(source)),
      })),
    }),
  };
}

const parseMetric = ({
  value,
  by,
  keys = METRIC_LIMITS.keys,
}: Pick<ProbeRequest, 'value' | 'by' | 'keys'>): MetricCommand => ({
  ...(value !== undefined && { value: located('value', () => parseExpression(value)) }),
  ...(by !== undefined && { by: located('by', () => parseExpression(by)) }),
  keys,
});

/**
 * A span's condition is asked when it begins, and its attributes may tell how it ended, whatever it waits for.
 * @param there of the second line, where the probe has one: keys are read there
 * @throws {CollectorError} UNKNOWN_VARIABLE, REDACTED_NAME
 */
export function checkExpressions(
  parsed: ParsedExpressions,
  kind: ProbeKind,
  on: ProbeEvent,
  here: Scope,
  there: Scope = here,
): void {
  const check = (
    path: string,
    expression: CompiledExpression,
    event = on,
    { variables, rules } = here,
  ): void => located(path, () => checkNames(expression, [...variables, ...SPECIALS[event]], rules));

  if (parsed.condition !== undefined) check('condition', parsed.condition, kind === 'span' ? 'entry' : on);
  if (parsed.expect !== undefined) check('expect', parsed.expect);
  if (parsed.metric?.value !== undefined) check('value', parsed.metric.value);
  if (parsed.metric?.by !== undefined) check('by', parsed.metric.by, on, there);
  for (const [index, watch] of parsed.watches.entries()) check(`watches[${index}]`, watch);
  for (const part of parsed.template?.parts ?? []) {
    if (typeof part !== 'string') check('template', part);
  }
  for (const { name, expression } of parsed.attributes ?? [])
    check(`attributes.${name}`, expression, kind === 'span' ? 'end' : on);
}

/**
 * Checks the names of all expressions against one scope, specials included.
 * @throws {CollectorError} UNKNOWN_VARIABLE, REDACTED_NAME
 */
export function checkScope(
  { condition, expect, watches, template }: ParsedExpressions,
  { variables, rules }: Scope,
): void {
  const check = (path: string, expression: CompiledExpression | undefined): void => {
    if (expression !== undefined) located(path, () => checkNames(expression, variables, rules));
  };
  check('condition', condition);
  check('expect', expect);
  for (const [index, watch] of watches.entries()) check(`watches[${index}]`, watch);
  for (const part of template?.parts ?? []) if (typeof part !== 'string') check('template', part);
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
