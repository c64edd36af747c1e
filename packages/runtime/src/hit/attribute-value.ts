import { DEFAULT_CAPTURE_LIMITS, LIMITS, type CaptureLimits, type CapturedValue } from '@dormouse/protocol';
import { slice } from '../intrinsics.js';
import { redactText } from '@dormouse/expression/secrets';
import { logText } from './text.js';

/** An attribute is one value to search by: objects are shown as logs show them, and not deeply. */
export const ATTRIBUTE_LIMITS: CaptureLimits = {
  ...DEFAULT_CAPTURE_LIMITS,
  depth: 1,
  fields: 10,
  items: 10,
  stringLength: LIMITS.spanAttributeLength,
};

/** A captured value as an attribute of a span: numbers and booleans as they are, everything else as text. */
export function attributeValue(value: CapturedValue): string | number | boolean {
  if (value.type === 'boolean') return value.value;
  if (value.type === 'number' && typeof value.value === 'number') return value.value;
  return slice(redactText(logText(value)), 0, LIMITS.spanAttributeLength);
}
