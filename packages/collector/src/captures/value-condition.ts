import type { CaptureView } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import { compareValue, type Literal, type Operator } from './compare-value.js';
import { readPath, valueOf } from './value-path.js';

/**
 * What captures are searched for by a value: `order.total > 100`, `locals.order.id = 'x'`, `threw.message contains "timeout"`;
 * `order.discount` where it is there, and `!order.discount` where it is not.
 */
export interface ValueCondition {
  readonly source: string;
  /** Whether it holds for a capture; undefined where what would tell was hidden or not captured. */
  test(capture: CaptureView): boolean | undefined;
}

interface Comparison {
  readonly segments: readonly string[];
  readonly operator: Operator;
  readonly literal: Literal;
}

/** JavaScript's ways to write some of them mean the same. */
const OPERATORS: readonly (readonly [text: string, operator: Operator])[] = [
  ['===', '='],
  ['!==', '!='],
  ['==', '='],
  ['!=', '!='],
  ['<=', '<='],
  ['>=', '>='],
  ['=', '='],
  ['<', '<'],
  ['>', '>'],
  ['contains', 'contains'],
];

const WORDS: Readonly<Record<string, Literal>> = { true: true, false: false, null: null, undefined };
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const BIGINT = /^-?\d+n$/;

/**
 * @param path where in the request it is, for errors
 * @throws {CollectorError} SYNTAX_ERROR with a caret under what is wrong
 */
export function parseValueCondition(source: string, path: string): ValueCondition {
  const fail = (message: string, at: number): never => {
    throw new CollectorError('SYNTAX_ERROR', `${message} For example: order.total > 100.`, {
      path,
      excerpt: `${source}\n${' '.repeat(at)}^`,
    });
  };
  const start = skipSpace(source, 0);
  const isNegated = source[start] === '!';
  const pathAt = isNegated ? skipSpace(source, start + 1) : start;
  const { segments, end } = readPath(source, pathAt);
  if (segments.length === 0) fail('Here a path to a value begins.', pathAt);
  const operatorAt = skipSpace(source, end);
  if (operatorAt === source.length) {
    return { source, test: (capture) => isThere(capture, segments, !isNegated) };
  }
  if (isNegated)
    fail('After ! and a path nothing follows: it means that the value is not there.', operatorAt);
  const found = OPERATORS.find(([text]) => source.startsWith(text, operatorAt));
  if (found === undefined)
    return fail(`Here one of ${OPERATORS.map(([text]) => text).join(' ')} follows.`, operatorAt);
  const literalAt = skipSpace(source, operatorAt + found[0].length);
  const literal = readLiteral(source.slice(literalAt).trimEnd());
  if (literal === undefined)
    return fail("Here a 'text', a number, true, false, null or undefined stands.", literalAt);
  const comparison: Comparison = { segments, operator: found[1], literal: literal.value };
  return { source, test: (capture) => holds(capture, comparison) };
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return end;
}

function readLiteral(text: string): { readonly value: Literal } | undefined {
  if (Object.hasOwn(WORDS, text)) return { value: WORDS[text] };
  if (NUMBER.test(text)) return { value: Number(text) };
  if (BIGINT.test(text)) return { value: BigInt(text.slice(0, -1)) };
  const quote = text[0];
  if ((quote !== '"' && quote !== "'") || text.length < 2 || !text.endsWith(quote)) return undefined;
  const inside = text.slice(1, -1);
  if (new RegExp(`(^|[^\\\\])(\\\\\\\\)*${quote}`).test(inside)) return undefined;
  return { value: inside.replaceAll(/\\(.)/gu, '$1') };
}

function isThere(capture: CaptureView, segments: readonly string[], isWanted: boolean): boolean | undefined {
  const found = valueOf(capture, segments);
  if ('value' in found) return found.value.type === 'omitted' ? undefined : isWanted;
  return found.isUnknown ? undefined : !isWanted;
}

/** What is not there compares with nothing. */
function holds(capture: CaptureView, { segments, operator, literal }: Comparison): boolean | undefined {
  const found = valueOf(capture, segments);
  if ('value' in found) return compareValue(found.value, operator, literal);
  return found.isUnknown ? undefined : false;
}
