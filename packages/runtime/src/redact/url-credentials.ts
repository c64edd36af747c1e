import { charCodeAt, isQuote, isSpace } from './characters.js';
import type { Detector } from './secret.js';

/** Characters of a URL's user and password. */
const LENGTH = 512;

/** The `user:password` of `postgres://user:password@host`, met at the colon before the slashes. */
export const urlCredentials: Detector = (text, at) => {
  if (!(isSlash(text, at + 1) && isSlash(text, at + 2))) return undefined;
  const start = at + 3;
  let end: number | undefined;
  for (let next = start; next < text.length && next - start < LENGTH; next++) {
    const code = charCodeAt(text, next);
    if (code === 0x40) end = next;
    if (isUrlEnd(code)) break;
  }
  return end === undefined || end === start ? undefined : { rule: 'credentials', start, end };
};

const isSlash = (text: string, at: number): boolean => at < text.length && charCodeAt(text, at) === 0x2f;

/** Ends the part of a URL that may hold credentials: `/`, `?`, `#`, a space, a quote. */
const isUrlEnd = (code: number): boolean =>
  code === 0x2f ||
  code === 0x3f ||
  code === 0x23 ||
  isSpace(code) ||
  isQuote(code) ||
  code === 0x3c ||
  code === 0x3e;
