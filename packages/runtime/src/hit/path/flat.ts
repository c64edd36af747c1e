import type { CapturedProperty } from '@dormouse/protocol';
import { redaction } from '@dormouse/expression/redaction';
import { numberValue } from '../../capture/primitives.js';
import { numberRule } from '@dormouse/expression/secrets';

/**
 * Captures a variable that holds a number, a boolean, null or undefined, as most do that change from step to step, without
 * the bookkeeping of a capture.
 * @returns undefined where it is for a capture: it holds something else, or may have to be hidden
 */
export function captureFlat(name: string, value: unknown): CapturedProperty | undefined {
  const { isRedacted, hasIncludeList } = redaction();
  if (hasIncludeList || isRedacted(name)) return undefined;
  switch (typeof value) {
    case 'number':
      if (numberRule(value) !== undefined) return undefined;
      return { key: name, value: { type: 'number', value: numberValue(value) } };
    case 'boolean':
      return { key: name, value: { type: 'boolean', value } };
    case 'undefined':
      return { key: name, value: { type: 'undefined' } };
    default:
      return value === null ? { key: name, value: { type: 'null' } } : undefined;
  }
}
