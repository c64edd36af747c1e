import type { ErrorBody, ErrorCode } from '@dormouse/protocol';

/** What is over after a while. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['INTERNAL', 'TOO_MANY_REQUESTS', 'TOO_MANY_ATTEMPTS']);

/** What the collector answered instead of what was asked for: what, where and what to do. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  /** Where inside the request: `condition`, `watches[2]`. */
  readonly path: string | undefined;
  /** The expression with a caret under the character, two lines. */
  readonly excerpt: string | undefined;
  readonly suggestions: readonly string[];

  constructor({ error }: ErrorBody) {
    super(error.message);
    this.name = 'Refusal';
    this.code = error.code;
    this.path = error.path;
    this.excerpt = error.excerpt;
    this.suggestions = error.suggestions ?? [];
  }

  /** Whether the same may be answered otherwise later. */
  get isPassing(): boolean {
    return PASSING.has(this.code);
  }
}

/** What to tell a person of anything that was thrown. */
export function explain(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (error instanceof TypeError) return 'The collector cannot be reached. Is it running?';
  return error instanceof Error ? error.message : String(error);
}
