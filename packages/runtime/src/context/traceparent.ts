import { charCodeAt, slice } from '../intrinsics.js';
import type { TraceIds } from './slot.js';

/** `00-<trace>-<span>-<flags>`; later versions may have more behind a further dash. */
const LENGTH = 55;
const TRACE = 3;
const SPAN = 36;
const FLAGS = 53;
const DASH = 0x2d;

/** The ids of a `traceparent` header after W3C Trace Context; undefined where it is not one. */
export function parseTraceparent(text: string): TraceIds | undefined {
  const version = slice(text, 0, 2);
  const isLong = text.length > LENGTH;
  if (text.length < LENGTH || version === 'ff' || (isLong && (version === '00' || !isDash(text, LENGTH))))
    return undefined;
  if (!isDash(text, TRACE - 1) || !isDash(text, SPAN - 1) || !isDash(text, FLAGS - 1)) return undefined;
  if (!isHex(text, 0, 2) || !isId(text, TRACE, SPAN - 1) || !isId(text, SPAN, FLAGS - 1)) return undefined;
  if (!isHex(text, FLAGS, LENGTH)) return undefined;
  return { traceId: slice(text, TRACE, SPAN - 1), spanId: slice(text, SPAN, FLAGS - 1) };
}

/** Whether a text is an id of so many hexadecimal digits: lower case, and not all zeros. */
export const isTraceId = (text: unknown): text is string => isWholeId(text, 32);
export const isSpanId = (text: unknown): text is string => isWholeId(text, 16);

const isWholeId = (text: unknown, length: number): text is string =>
  typeof text === 'string' && text.length === length && isId(text, 0, length);

const isDash = (text: string, at: number): boolean => charCodeAt(text, at) === DASH;

function isId(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (charCodeAt(text, at) !== 0x30) return isHex(text, from, to);
  return false;
}

function isHex(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = charCodeAt(text, at);
    if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return false;
  }
  return true;
}
