import type { Literal } from './literals.js';

export type LexemeKind = 'token' | 'space' | 'comment' | Literal['kind'];

export interface Lexeme {
  readonly kind: LexemeKind;
  readonly start: number;
  readonly end: number;
}

const SPACE = /[\s\uFEFF]+/y;
const WORD = /[\p{ID_Continue}$\u200C\u200D]+/uy;
const PUNCTUATOR =
  /\.\.\.|=>|[=!]==?|<<=?|>>>?=?|[<>]=?|\*\*=?|&&=?|\|\|=?|\?\?=?|\?\.|\+\+|--|[-+*/%&|^]=?|[^]/y;
const LINE_COMMENT = /(?:\/\/|#!)[^\n\r\u2028\u2029]*/y;
const BLOCK_COMMENT = /\/\*[^]*?\*\//y;

/**
 * Cuts `code` between `from` and `to` into lexemes. The literals must be those of the parsed file:
 * only a parser can tell a regular expression from a division.
 */
export function* lexemes(
  code: string,
  literals: readonly Literal[],
  from = 0,
  to = code.length,
): Generator<Lexeme> {
  let next = firstLiteralFrom(literals, from);
  for (let start = from; start < to;) {
    const literal = literals[next];
    if (literal?.start === start) {
      yield literal;
      start = literal.end;
      next++;
      continue;
    }
    const lexeme = lexemeAt(code, start);
    yield lexeme;
    start = lexeme.end;
  }
}

function lexemeAt(code: string, start: number): Lexeme {
  const char = code.charCodeAt(start);
  const isSlash = char === 47;
  if (isSlash && code[start + 1] === '*') return match(BLOCK_COMMENT, 'comment', code, start);
  if ((isSlash && code[start + 1] === '/') || (start === 0 && code.startsWith('#!'))) {
    return match(LINE_COMMENT, 'comment', code, start);
  }
  return (
    tryMatch(SPACE, 'space', code, start) ??
    tryMatch(WORD, 'token', code, start) ??
    match(PUNCTUATOR, 'token', code, start)
  );
}

function match(pattern: RegExp, kind: LexemeKind, code: string, start: number): Lexeme {
  return tryMatch(pattern, kind, code, start) ?? { kind, start, end: code.length };
}

function tryMatch(pattern: RegExp, kind: LexemeKind, code: string, start: number): Lexeme | undefined {
  pattern.lastIndex = start;
  return pattern.test(code) ? { kind, start, end: pattern.lastIndex } : undefined;
}

function firstLiteralFrom(literals: readonly Literal[], offset: number): number {
  let low = 0;
  let high = literals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((literals[middle] as Literal).start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
