import type { CaptureQuery } from '../../../api/api.js';

/** A trace is looked for so long before and after a capture of it, where one is known; ms. */
const AROUND_MS = 15 * 60_000;

/** Of a process so much is shown before and after a capture of no known trace, ms. */
const MEANWHILE_MS = 1_000;

/**
 * What the address asks for: `trace`; or `instance`, a process, for what happened there meanwhile. `at` is when a capture of
 * it arrived, ms since 1970.
 * @returns nothing where it asks for none
 */
export function traceQuery({
  trace,
  instance,
  at,
}: Readonly<Record<string, string | undefined>>): CaptureQuery | undefined {
  const around = (ms: number): CaptureQuery =>
    at === undefined ? {} : { from: Number(at) - ms, to: Number(at) + ms };
  if (trace !== undefined) return isTraceId(trace) ? { traceId: trace, ...around(AROUND_MS) } : undefined;
  return instance === undefined ? undefined : { instance, ...around(MEANWHILE_MS) };
}

export const isTraceId = (text: string): boolean => /^[\da-f]{32}$/.test(text);
