import { METRIC_LIMITS } from '@dormouse/protocol';
import { slice } from '../../intrinsics.js';
import { redactText } from '@dormouse/expression/secrets';

/** UTF-16 units that are looked at: more than are kept, so that no secret is cut before it is redacted. */
const LOOKED_AT = 8 * METRIC_LIMITS.keyLength;

/** A value as the name of a series, redacted; undefined for one that has no short text, such as an object. */
export function keyText(value: unknown): string | undefined {
  const text = plainText(value);
  if (text === undefined) return undefined;
  const redacted = redactText(text.length > LOOKED_AT ? slice(text, 0, LOOKED_AT) : text);
  if (redacted.length <= METRIC_LIMITS.keyLength) return redacted;
  return `${slice(redacted, 0, METRIC_LIMITS.keyLength - 1)}…`;
}

function plainText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return `${value}`;
    default:
      return value === null ? 'null' : undefined;
  }
}
