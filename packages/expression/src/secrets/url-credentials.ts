import { charCodeAt, isBackslash, isQuote, isSpace } from './characters.js';
import type { Detector } from './secret.js';

/** Characters of a URL's user and password. */
const LENGTH = 512;

/** The `user:password` of `postgres://user:password@host`, met at the colon before the slashes. */
export const urlCredentials: Detector = (text, at) => {
  const start = afterSlash(text, afterSlash(text, at + 1));
  if (start === -1) return undefined;
  let end: number | undefined;
  for (let next = start; next < text.length && next - start < LENGTH; next++) {
    const code = charCodeAt(text, next);
    if (code === 0x40) end = next;
    if (isUrlEnd(code)) break;
  }
  return end === undefined || end === start ? undefined : { rule: 'credentials', start, end };
};

/** @returns the place after a slash, which some JSON writes `\\/`; -1 where none stands */
function afterSlash(text: string, at: number): number {
  if (at === -1 || at >= text.length) return -1;
  const slash = isBackslash(charCodeAt(text, at)) ? at + 1 : at;
  return slash < text.length && charCodeAt(text, slash) === 0x2f ? slash + 1 : -1;
}

/** Ends the part of a URL that may hold credentials: `/`, `?`, `#`, a space, a quote. */
const isUrlEnd = (code: number): boolean =>
  code === 0x2f ||
  code === 0x3f ||
  code === 0x23 ||
  isSpace(code) ||
  isQuote(code) ||
  code === 0x3c ||
  code === 0x3e;
