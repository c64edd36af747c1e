import type { ErrorCode } from '@dormouse/protocol';

export type ExpressionErrorCode = Extract<
  ErrorCode,
  'SYNTAX_ERROR' | 'UNSUPPORTED_SYNTAX' | 'UNKNOWN_VARIABLE' | 'REDACTED_NAME' | 'LIMIT_EXCEEDED'
>;

/** What is wrong with an expression or a template, where, and what to write instead. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly code: ExpressionErrorCode;
  /** Of the offending character in the text, from 0. */
  readonly offset: number;
  /** The offending line, and under it a caret. */
  readonly excerpt: string;
  /** What the writer may have meant, nearest first. */
  readonly suggestions: readonly string[];

  constructor(
    code: ExpressionErrorCode,
    message: string,
    text: string,
    offset: number,
    suggestions: readonly string[] = [],
  ) {
    super(message);
    this.code = code;
    this.offset = offset;
    this.excerpt = excerptAt(text, offset);
    this.suggestions = suggestions;
  }
}

/** Characters shown on either side of the caret. */
const EXCERPT_REACH = 60;

function excerptAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const nextBreak = text.indexOf('\n', offset);
  const start = Math.max(lineStart, offset - EXCERPT_REACH);
  const end = Math.min(nextBreak === -1 ? text.length : nextBreak, offset + EXCERPT_REACH);
  return `${text.slice(start, end)}\n${' '.repeat(offset - start)}^`;
}
