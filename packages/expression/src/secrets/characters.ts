import { charCodeAt } from '../inspect/language.js';

export { charCodeAt };

export const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

export const isUpper = (code: number): boolean => code >= 0x41 && code <= 0x5a;

export const isLetter = (code: number): boolean => isUpper(code) || (code >= 0x61 && code <= 0x7a);

/** Letters, digits and `_`. */
export const isWord = (code: number): boolean => isLetter(code) || isDigit(code) || code === 0x5f;

/** Of the alphabets that tokens are written in: base64, base64url and the `.` and `~` of bearer tokens. */
export const isTokenCharacter = (code: number): boolean =>
  isWord(code) ||
  code === 0x2d ||
  code === 0x2e ||
  code === 0x2b ||
  code === 0x2f ||
  code === 0x3d ||
  code === 0x7e;

export const isQuote = (code: number): boolean => code === 0x22 || code === 0x27 || code === 0x60;

export const isSpace = (code: number): boolean =>
  code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0;

export const isLineBreak = (code: number): boolean => code === 0x0a || code === 0x0d;

export const BACKSLASH = 0x5c;

export const isBackslash = (code: number): boolean => code === BACKSLASH;

/** Whether the character at a place is the second of an escape, as in a text of JSON: of `\\n` the `n`. */
export const isEscaped = (text: string, at: number): boolean =>
  at > 0 && charCodeAt(text, at - 1) === BACKSLASH && isLetter(charCodeAt(text, at));

/** Whether a word goes on at a place. */
export const isInsideWord = (text: string, at: number): boolean =>
  at > 0 && isWord(charCodeAt(text, at - 1)) && !isEscaped(text, at - 1);

/** @returns the first place from `at` on whose character is not of the kind */
export function skip(text: string, at: number, isOfKind: (code: number) => boolean): number {
  let end = at;
  while (end < text.length && isOfKind(charCodeAt(text, end))) end++;
  return end;
}
