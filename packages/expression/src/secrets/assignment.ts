import { REDACTED_NAME_MAX_LENGTH } from '@dormouse/protocol';
import { slice } from '../inspect/language.js';
import {
  charCodeAt,
  isBackslash,
  isEscaped,
  isLineBreak,
  isQuote,
  isSpace,
  isWord,
  skip,
} from './characters.js';
import { isRedactedName } from '../redaction/rules.js';
import type { Detector, Found } from './secret.js';

/**
 * The value after a redacted name, met at the `:` or `=` between them: `"password":"…"` of a JSON text, quoted
 * once or more often, `token=…` of a query, `Cookie: …` of a header.
 */
export const assignment: Detector = (text, at, from) => {
  if (isComparison(text, at) || !isAfterRedactedName(text, at, from)) return undefined;
  const start = skip(text, at + 1, isBlank);
  return quotedValue(text, start) ?? bareValue(text, start, charCodeAt(text, at) === EQUALS);
};

const EQUALS = 0x3d;

/** `==` and `=>` assign nothing. */
function isComparison(text: string, at: number): boolean {
  if (at + 1 === text.length) return true;
  const next = charCodeAt(text, at + 1);
  return next === EQUALS || next === 0x3e;
}

function isAfterRedactedName(text: string, at: number, from: number): boolean {
  let end = at;
  const reach = at - from > FILLING ? at - FILLING : from;
  while (end > reach && isFilling(charCodeAt(text, end - 1))) end--;
  let start = end;
  while (
    start > from &&
    end - start <= REDACTED_NAME_MAX_LENGTH &&
    isNameCharacter(charCodeAt(text, start - 1))
  )
    start--;
  return start < end && hasRedactedTail(text, start, end);
}

/** Quotes, backslashes and spaces between a name and its `:`. */
const FILLING = 16;

const isFilling = (code: number): boolean => isSpace(code) || isQuote(code) || isBackslash(code);

/** Letters of any script, digits and what names are joined with: `$ - . @ _`. */
const isNameCharacter = (code: number): boolean =>
  isWord(code) || code === 0x24 || code === 0x2d || code === 0x2e || code === 0x40 || code >= 0x80;

/** `user.password` counts as `password`, and `connect.sid` as itself. */
function hasRedactedTail(text: string, start: number, end: number): boolean {
  if (isRedactedName(slice(text, start, end))) return true;
  if (isEscaped(text, start) && isRedactedName(slice(text, start + 1, end))) return true;
  for (let at = end - 1; at > start; at--) {
    if (charCodeAt(text, at - 1) === 0x2e) return isRedactedName(slice(text, at, end));
  }
  return false;
}

/** From an opening quote to its like: with as many backslashes before it, since quoting may be nested. */
function quotedValue(text: string, at: number): Found | undefined {
  const quoteAt = skip(text, at, isBackslash);
  if (quoteAt === text.length || !isQuote(charCodeAt(text, quoteAt))) return undefined;
  const quote = charCodeAt(text, quoteAt);
  const wanted = quoteAt - at;
  let backslashes = 0;
  for (let next = quoteAt + 1; next < text.length; next++) {
    const code = charCodeAt(text, next);
    if (code === quote && backslashes === wanted) return secret(quoteAt + 1, next - wanted);
    backslashes = isBackslash(code) ? backslashes + 1 : 0;
  }
  return secret(quoteAt + 1, text.length);
}

/** Without quotes: a list or an object to its end, a query's value to the next, a header's to the end of the line. */
function bareValue(text: string, start: number, isQuery: boolean): Found | undefined {
  if (start === text.length) return undefined;
  const isNested = isOpening(charCodeAt(text, start));
  const end = isNested ? closingEnd(text, start) : skip(text, start, isQuery ? isInQuery : isInHeader);
  return secret(start, end);
}

function closingEnd(text: string, start: number): number {
  let open = 0;
  for (let at = start; at < text.length; at++) {
    const code = charCodeAt(text, at);
    if (isOpening(code)) open++;
    if (isClosing(code) && --open === 0) return at + 1;
  }
  return text.length;
}

const secret = (start: number, end: number): Found | undefined =>
  start < end ? { rule: 'name', start, end } : undefined;

const isBlank = (code: number): boolean => isSpace(code) && !isLineBreak(code);
const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b;
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d;

/** Not a line's end, a comma or a closing bracket. */
const isInHeader = (code: number): boolean => !isLineBreak(code) && code !== 0x2c && !isClosing(code);

/** Nor a space, a quote, `&`, `;` or `)`. */
const isInQuery = (code: number): boolean =>
  isInHeader(code) && !isSpace(code) && !isQuote(code) && code !== 0x26 && code !== 0x3b && code !== 0x29;
