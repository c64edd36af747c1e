import { charCodeAt, isDigit, isInsideWord, isWord } from './characters.js';
import type { Detector, Found } from './secret.js';

/** ITU-T E.164: digits after the `+`; numbers of fewer than eight are rare. */
const FEWEST = 8;
const MOST = 15;

/** A telephone number with its country: `+49 (30) 1234-567`, met at the `+`. */
export const internationalPhone: Detector = (text, at) => {
  if (isInsideWord(text, at)) return undefined;
  if (at + 1 >= text.length || !isOneToNine(charCodeAt(text, at + 1))) return undefined;
  let digits = 0;
  let end = at;
  for (let next = at + 1; next < text.length; next++) {
    const code = charCodeAt(text, next);
    if (isDigit(code)) {
      digits++;
      end = next + 1;
    } else if (!isSeparator(code) || next - end >= 2) {
      break;
    }
  }
  return digits >= FEWEST && digits <= MOST && isEnd(text, end)
    ? { rule: 'phone', start: at, end }
    : undefined;
};

/** A number as it is written in North America, met at its first digit: `212-555-0123`. */
export const americanPhone: Detector = (text, at) => {
  if (at + 12 > text.length) return undefined;
  const separator = charCodeAt(text, at + 3);
  if (!isJoint(separator) || charCodeAt(text, at + 7) !== separator) return undefined;
  if (isInsideWord(text, at) || (at > 0 && isJoint(charCodeAt(text, at - 1)))) return undefined;
  return isArea(text, at) && isArea(text, at + 4) ? lastFour(text, at, at + 8) : undefined;
};

/** The same with the area in brackets, met at the bracket: `(212) 555-0123`. */
export const bracketedPhone: Detector = (text, at) => {
  if (at + 13 > text.length || !isArea(text, at + 1) || charCodeAt(text, at + 4) !== 0x29) return undefined;
  const exchange = charCodeAt(text, at + 5) === 0x20 ? at + 6 : at + 5;
  if (exchange + 8 > text.length || !isArea(text, exchange)) return undefined;
  return isSeparator(charCodeAt(text, exchange + 3)) ? lastFour(text, at, exchange + 4) : undefined;
};

function lastFour(text: string, start: number, at: number): Found | undefined {
  const end = at + 4;
  for (let next = at; next < end; next++) if (!isDigit(charCodeAt(text, next))) return undefined;
  return isEnd(text, end) ? { rule: 'phone', start, end } : undefined;
}

/** Three digits, the first of them neither 0 nor 1: an area or an exchange of the North American plan. */
const isArea = (text: string, at: number): boolean =>
  isDigit(charCodeAt(text, at)) &&
  charCodeAt(text, at) >= 0x32 &&
  isDigit(charCodeAt(text, at + 1)) &&
  isDigit(charCodeAt(text, at + 2));

const isOneToNine = (code: number): boolean => isDigit(code) && code !== 0x30;

const isEnd = (text: string, end: number): boolean => end >= text.length || !isWord(charCodeAt(text, end));

/** Space, `(`, `)`, `-`, `.`. */
const isSeparator = (code: number): boolean =>
  code === 0x20 || code === 0x28 || code === 0x29 || code === 0x2d || code === 0x2e;

const isJoint = (code: number): boolean => code === 0x2d || code === 0x2e;
