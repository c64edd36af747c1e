import { charCodeAt, isDigit, isInsideWord, isWord } from './characters.js';
import type { Detector } from './secret.js';

/** A US social security number, `123-45-6789`; areas, groups and serials that were never given out are none. */
export const socialSecurity: Detector = (text, at) => {
  const end = at + 11;
  if (end > text.length || charCodeAt(text, at + 3) !== HYPHEN || charCodeAt(text, at + 6) !== HYPHEN) {
    return undefined;
  }
  if (isInsideWord(text, at) || (at > 0 && charCodeAt(text, at - 1) === HYPHEN)) return undefined;
  if (end < text.length && goesOn(charCodeAt(text, end))) return undefined;
  const area = digits(text, at, 3);
  const isGiven = area > 0 && area !== 666 && area < 900;
  return isGiven && digits(text, at + 4, 2) > 0 && digits(text, at + 7, 4) > 0
    ? { rule: 'ssn', start: at, end }
    : undefined;
};

const HYPHEN = 0x2d;

const goesOn = (code: number): boolean => isWord(code) || code === HYPHEN;

/** @returns -1 where something else stands */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let next = at; next < at + count; next++) {
    const code = charCodeAt(text, next);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 0x30;
  }
  return value;
}
