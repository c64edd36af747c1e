import type { LineHook } from '@dormouse/protocol';
import type { CallPoint, SeenCall } from './call-hooks.js';
import { HOOKS_NAME, named } from './named.js';

/**
 * Which call of a function with two bodies runs now: the innermost, as such a function is synchronous. The entry of the
 * twin keeps it, and only while a hook hears lines.
 */
export interface RunningCall {
  /** Whether a hook hears lines. */
  isKept: boolean;
  /** Undefined also while a call runs that nobody follows. */
  call: SeenCall | undefined;
}

/** Tells the call that a point belongs to: behind its values a function with one body passes the frame, or undefined. */
export const lineOfCall = (running: RunningCall, { index, passes }: CallPoint): LineHook =>
  named(HOOKS_NAME, (...values) => {
    const call = values.length > passes ? (values[passes] as SeenCall | undefined) : running.call;
    call?.line(index, values);
  });
