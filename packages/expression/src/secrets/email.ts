import { charCodeAt, isDigit, isLetter, isWord, skip } from './characters.js';
import type { Detector } from './secret.js';

/** RFC 5321: characters before and after the `@`. */
const LOCAL = 64;
const DOMAIN = 255;

/** An e-mail address around an `@`. */
export const email: Detector = (text, at, from) => {
  let start = at;
  while (start > from && at - start < LOCAL && isLocal(charCodeAt(text, start - 1))) start--;
  if (start === at) return undefined;
  const end = domainEnd(text, at + 1);
  return end === undefined ? undefined : { rule: 'email', start, end };
};

const isLocal = (code: number): boolean =>
  isWord(code) ||
  code === 0x2e ||
  code === 0x25 ||
  code === 0x2b ||
  code === 0x2d ||
  code === 0x27 ||
  code >= 0x80;

/** @returns the end of a domain with at least one dot and a last label of two or more letters */
function domainEnd(text: string, at: number): number | undefined {
  const limit = at + DOMAIN;
  let end: number | undefined;
  let label = at;
  while (label < limit) {
    const labelEnd = skipLabel(text, label, limit);
    if (labelEnd === label) break;
    if (label > at && labelEnd - label >= 2 && skip(text, label, isLetterOrBeyond) === labelEnd)
      end = labelEnd;
    if (labelEnd >= text.length || charCodeAt(text, labelEnd) !== 0x2e) break;
    label = labelEnd + 1;
  }
  return end;
}

function skipLabel(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit && end < text.length && isLabel(charCodeAt(text, end))) end++;
  return end;
}

const isLabel = (code: number): boolean => isLetterOrBeyond(code) || isDigit(code) || code === 0x2d;

const isLetterOrBeyond = (code: number): boolean => isLetter(code) || code >= 0x80;
