import type { ts } from '../1-parse/typescript.js';
import { lexemes } from '../1-parse/lexemes.js';
import type { Literal } from '../1-parse/literals.js';

export interface Comment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Offset of the next token after the comment. */
  readonly next: number;
}

/** All comments of a file, in text order. */
export function comments(file: ts.SourceFile, literals: readonly Literal[]): Comment[] {
  const found: Comment[] = [];
  const open: Omit<Comment, 'next'>[] = [];
  const close = (next: number): void => {
    for (const comment of open.splice(0)) found.push({ ...comment, next });
  };
  for (const { kind, start, end } of lexemes(file.text, literals)) {
    if (kind === 'comment') open.push({ text: file.text.slice(start, end), start, end });
    else if (kind !== 'space') close(start);
  }
  close(file.text.length);
  return found;
}
