import type { Capture, CaptureView } from '@dormouse/protocol';
import { capture as captureSchema } from '../schemas/capture.js';
import { firstProblem } from '../schemas/problem.js';
import type { Hiding } from './hide.js';
import { captureReaders } from './read-capture.js';
import { MALFORMED } from './readers.js';
import { TOO_DEEP } from './values.js';

/** A capture as it may be kept, or what is wrong with it. */
export type Accepted =
  | { readonly capture: Capture; readonly hidden: number; readonly problem?: never }
  | { readonly problem: string };

const NESTED_TOO_DEEPLY = 'it is nested too deeply';

/**
 * Checks captures as they arrive, and hides in them what is to be hidden.
 * @param hiding the rules that hold for them
 */
export function accepting(hiding: Hiding): (raw: unknown) => Accepted {
  const read = captureReaders(hiding);
  return (raw) => {
    try {
      const { result, hidden } = hiding.during(() => read.capture(raw));
      return { capture: result, hidden };
    } catch (error) {
      if (error === TOO_DEEP) return { problem: NESTED_TOO_DEEPLY };
      if (error !== MALFORMED) throw error;
      return { problem: problemOf(raw) };
    }
  };
}

/** Hides what is to be hidden in captures that were checked already. What it makes throws TOO_DEEP. */
export function hidingIn(
  hiding: Hiding,
): (capture: CaptureView) => { readonly capture: CaptureView; readonly hidden: number } {
  const read = captureReaders(hiding);
  return (checked) => {
    const { result, hidden } = hiding.during(() => ({
      ...checked,
      ...read.capture(checked),
      ...(checked.callers !== undefined && {
        callers: checked.callers.map((caller) => ({ ...caller, ...read.line(caller) })),
      }),
    }));
    return { capture: result, hidden };
  };
}

/** The readers only find that something is wrong; what it is, the schema says, as far as its stack reaches. */
function problemOf(raw: unknown): string {
  try {
    const { path, message } = firstProblem(captureSchema.safeParse(raw).error!);
    return `${path}: ${message}`;
  } catch (error) {
    if (error instanceof RangeError) return NESTED_TOO_DEEPLY;
    throw error;
  }
}
