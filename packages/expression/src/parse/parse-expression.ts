import { type CompiledExpression, EXPRESSION_VERSION, LIMITS } from '@dormouse/protocol';
import { type Options, parseExpressionAt, tokenizer } from 'acorn';
import { SPECIALS } from '../language/builtins.js';
import { ExpressionError } from './expression-error.js';
import { Reader, type Reference } from './reader.js';

/** As much as acorn can be made to accept, so that the refusals can say more than "unexpected token". */
const ACORN: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  allowAwaitOutsideFunction: true,
  allowSuperOutsideMethod: true,
  checkPrivateFields: false,
  preserveParens: true,
};

export interface ReadExpression {
  readonly compiled: CompiledExpression;
  readonly variables: readonly Reference[];
  readonly keys: readonly Reference[];
  /** Where the expression ends in the text. */
  readonly end: number;
}

/**
 * Makes a tree of an expression's text.
 * @throws ExpressionError with a code, the place and what to write instead
 */
export function parseExpression(source: string): CompiledExpression {
  checkLength(source, LIMITS.expressionLength, 'An expression');
  const { compiled, end } = readExpressionAt(source, 0);
  checkNothingFollows(source, end);
  return compiled;
}

/** Reads the one expression that begins at an offset of a text; what follows it is the caller's concern. */
export function readExpressionAt(text: string, offset: number): ReadExpression {
  const node = translatingErrors(text, () => parseExpressionAt(text, offset, ACORN));
  const source = text.slice(node.start, node.end);
  checkLength(source, LIMITS.expressionLength, 'An expression');
  const reader = new Reader(text);
  const tree = reader.read(node);
  const { variables, keys } = reader;
  const reads = new Set(variables.map(({ name }) => name).filter((name) => !SPECIALS.has(name)));
  const compiled: CompiledExpression = { version: EXPRESSION_VERSION, source, tree, reads: [...reads] };
  return { compiled, variables, keys, end: node.end };
}

export function checkLength(text: string, limit: number, what: string): void {
  if (text.length <= limit) return;
  throw new ExpressionError(
    'LIMIT_EXCEEDED',
    `${what} has at most ${limit} characters; this one has ${text.length}.`,
    text,
    limit,
  );
}

function checkNothingFollows(source: string, end: number): void {
  const { start } = translatingErrors(source, () => tokenizer(source.slice(end), ACORN).getToken());
  const offset = end + start;
  if (offset >= source.length) return;
  throw new ExpressionError('SYNTAX_ERROR', 'One expression, and nothing after it.', source, offset);
}

/** acorn's errors carry a position, which their messages repeat. */
function translatingErrors<T>(text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError && 'pos' in error)) throw error;
    const offset = Number(error.pos);
    if (error.message.startsWith('Not enough stack space')) {
      throw new ExpressionError('LIMIT_EXCEEDED', 'Nested too deeply.', text, offset);
    }
    throw new ExpressionError('SYNTAX_ERROR', syntaxMessage(error.message, text, offset), text, offset);
  }
}

/** acorn says "Unexpected token" of everything; where it stopped tells more. */
function syntaxMessage(message: string, text: string, offset: number): string {
  if (text.trim() === '') return 'The expression is empty; write one, such as `amount > 100`.';
  if (offset >= text.trimEnd().length) return 'The expression ends where something must still follow.';
  if (!message.startsWith('Unexpected token')) return `${message.replace(/ \(\d+:\d+\)$/, '')}.`;
  return `${JSON.stringify(text[offset])} at character ${offset + 1} does not fit what stands before it.`;
}
