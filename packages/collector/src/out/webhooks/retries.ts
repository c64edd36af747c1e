/** Waits after each attempt, s: the schedule that Standard Webhooks proposes. After the last there is no other. */
const WAITS_S = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];

/** Each wait is up to so much longer, so that what failed together is not tried together. */
const JITTER = 0.2;

/** Nobody is left alone for longer at their own wish, ms. */
const LONGEST_REST_MS = 86_400_000;

/** @returns when a message that has failed so often is sent again, ms since 1970; nothing where it is given up */
export function nextAttempt(attempts: number, retryAfterMs = 0): number | undefined {
  const wait = WAITS_S[attempts - 1];
  if (wait === undefined) return undefined;
  const waitMs = wait * 1_000 * (1 + JITTER * Math.random());
  return Date.now() + Math.ceil(Math.max(waitMs, Math.min(retryAfterMs, LONGEST_REST_MS)));
}

/** A webhook that has failed for so long without once working is disabled, ms. */
export const PATIENCE_MS = 3 * 86_400_000;
