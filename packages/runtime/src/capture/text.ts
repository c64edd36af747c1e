import type { CapturedValue } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { redactText, wholeSecret } from '@dormouse/expression/secrets';
import type { Walker } from './kind.js';

const { charCodeAt, slice } = intrinsics;

/**
 * Longer texts are not opened at all. One that was built by appending is a tree, and V8 flattens the whole tree
 * when its first character is read: one to three ms per million characters, and as much memory again.
 */
const OPAQUE_LENGTH = 524_288;

/** A secret that begins in what is shown is recognised although it ends this far beyond. */
const BEYOND = 256;

/** Redacting a text of this length takes some ten microseconds: worth a look at the clock. */
const LONG = 4_096;

/** A text, redacted and cut to the limit. */
export function captureText(text: string, walker: Walker): CapturedValue {
  const { stringLength } = walker.limits;
  const { length } = text;
  if (length > OPAQUE_LENGTH) {
    return { type: 'string', value: '', length, omitted: walker.omit('stringLength', length) };
  }
  if (walker.budget.exhausted === 'payloadTooLarge' && length > 0) {
    return { type: 'string', value: '', length, omitted: walker.omit('payloadTooLarge', length) };
  }
  const head = headOf(text, stringLength + BEYOND);
  const redacted = redactText(head);
  if (head.length > LONG) walker.budget.lookAtClock();
  const rule = redacted === head ? undefined : wholeSecret(head);
  if (rule !== undefined) return { type: 'redacted', rule };
  const value = length <= stringLength ? redacted : cut(redacted, stringLength);
  walker.budget.spendText(value);
  if (length <= stringLength) return { type: 'string', value };
  return { type: 'string', value, length, omitted: walker.omit('stringLength', length - stringLength) };
}

/** The same for texts that are part of something: names, messages, patterns. What was cut ends in `…`. */
export function partText(text: string, limit: number): string {
  if (text.length > OPAQUE_LENGTH) return '…';
  const redacted = redactText(headOf(text, limit + BEYOND));
  return text.length <= limit ? redacted : `${cut(redacted, limit)}…`;
}

/** A slice would keep the whole text in memory for as long as the capture waits; so what is cut off is copied. */
const headOf = (text: string, length: number): string =>
  text.length <= length ? text : slice(` ${slice(text, 0, length)}`, 1);

/** Cuts between characters, not inside one that takes two units. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = length === 0 ? 0 : charCodeAt(text, length - 1);
  return slice(text, 0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
