import { compile, EvaluationError, UnreadableError } from '@dormouse/expression/evaluate';
import type { Redaction } from '@dormouse/expression/redaction';
import type {
  CapturedProperty,
  CapturedValue,
  CaptureView,
  CompiledExpression,
  DryRunOutcome,
  DryRunRequest,
  DryRunView,
} from '@dormouse/protocol';
import { describe } from '../captures/describe.js';
import { CollectorError } from '../collector-error.js';
import { checkScope, parseExpressions } from '../probes/expressions.js';
import { captured } from './captured.js';
import { behindVariables, VARIABLES } from './rename.js';
import { isCut, Revived } from './revived.js';

/** What every hit knew and no capture tells: it has the number of those that were delivered. */
const NEVER_SHOWN = ['$hits'];

/** Functions that list what an object has. */
const LISTS = /\bObject\s*\.\s*(?:keys|values|entries|hasOwn)\b/u;

/**
 * What expressions would have come to at a hit, as far as its capture tells.
 * @throws {CollectorError} INVALID_REQUEST for a capture without variables, and what is wrong with the expressions
 */
export function dryRun(capture: CaptureView, request: DryRunRequest, redaction: Redaction): DryRunView {
  const variables = variablesOf(capture);
  const parsed = parseExpressions({ kind: 'snapshot', ...request });
  checkScope(parsed, {
    variables: [...variables.map(({ key }) => key), ...NEVER_SHOWN],
    rules: { redaction },
  });
  const run = evaluator(variables);
  const { condition, expect, watches, template } = parsed;
  return {
    capture: capture.id,
    ...(condition !== undefined && { condition: run(condition) }),
    ...(expect !== undefined && { expect: run(expect) }),
    ...(watches.length > 0 && { watches: watches.map(run) }),
    ...(template !== undefined && renderTemplate(template.parts, run)),
  };
}

/** What a hit knew, under the names by which expressions read it. */
function variablesOf(capture: CaptureView): CapturedProperty[] {
  const { self, locals, outers = [], returned, threw, durationMs, context } = capture;
  if (locals === undefined) {
    throw new CollectorError(
      'INVALID_REQUEST',
      `Capture ${capture.id} is a ${capture.kind}, which shows no variables. Take one of a snapshot or check.`,
      { path: 'id' },
    );
  }
  return [
    ...(self === undefined ? [] : [{ key: 'this', value: self }]),
    ...outers,
    ...locals,
    ...(returned === undefined ? [] : [{ key: '$return', value: returned }]),
    ...(threw === undefined ? [] : [{ key: '$error', value: threw }]),
    ...(durationMs === undefined
      ? []
      : [{ key: '$duration', value: { type: 'number' as const, value: durationMs } }]),
    { key: '$ctx', value: contextValue(context) },
  ];
}

const contextValue = (context: CaptureView['context'] = {}): CapturedValue => ({
  type: 'object',
  class: 'Object',
  properties: Object.entries(context).map(([key, value]) => ({ key, value: { type: 'string', value } })),
});

type Run = (expression: CompiledExpression) => DryRunOutcome;

function evaluator(variables: readonly CapturedProperty[]): Run {
  const revived = new Revived(variables);
  const readable = variables.filter(({ key }) => !isOpen(revived.variables, key));
  const slots = new Map([...readable.map(({ key }) => key), VARIABLES].map((name, slot) => [name, slot]));
  const frame = [
    ...readable.map(({ key }) => Reflect.get(revived.variables, key) as unknown),
    revived.variables,
  ];
  const open = new Set([...variables.map(({ key }) => key), ...NEVER_SHOWN].filter((key) => !slots.has(key)));
  const cut = new Set(variables.filter(({ value }) => isCut(value)).map(({ key }) => key));

  return ({ source, tree, reads }) => {
    const listed = LISTS.test(source) ? reads.find((name) => cut.has(name)) : undefined;
    if (listed !== undefined) return { source, unknown: { path: listed, reason: 'cut' } };
    try {
      const value = compile(behindVariables(tree, open), slots)(frame);
      return { source, value: captured(value, revived) };
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      const gap = error instanceof UnreadableError ? revived.gap(error.holder, error.key) : undefined;
      return gap === undefined || gap.reason === 'accessor'
        ? { source, error: error.message }
        : { source, unknown: gap };
    }
  };
}

const isOpen = (variables: object, key: string): boolean =>
  Object.getOwnPropertyDescriptor(variables, key)?.get !== undefined;

function renderTemplate(
  parts: readonly (string | CompiledExpression)[],
  run: Run,
): Pick<DryRunView, 'message' | 'template'> {
  const outcomes = parts.map((part) => (typeof part === 'string' ? part : run(part)));
  return {
    message: outcomes.map((part) => (typeof part === 'string' ? part : write(part))).join(''),
    template: outcomes.filter((part) => typeof part !== 'string'),
  };
}

function write({ value, unknown, error }: DryRunOutcome): string {
  if (value?.type === 'string') return value.value;
  if (value !== undefined) return describe(value);
  return unknown === undefined ? `{${error}}` : `{unknown: ${unknown.path} (${unknown.reason})}`;
}
