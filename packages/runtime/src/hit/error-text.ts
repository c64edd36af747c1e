import { getOwnPropertyDescriptor, isNativeError } from '../intrinsics.js';
import { redactText } from '@dormouse/expression/secrets';

/** An error's message for a report, read without running anything and redacted. */
export function errorText(error: unknown): string {
  const message: unknown = isNativeError(error)
    ? getOwnPropertyDescriptor(error, 'message')?.value
    : undefined;
  return typeof message === 'string' ? redactText(message) : 'unknown error';
}
