import { FailureWindows } from './failure-windows.js';

/** Failures that one address may have in a window before they are no longer answered in detail. */
const MAX_FAILURES = 20;
export const FAILURE_WINDOW_MS = 60_000;
/** Addresses remembered; beyond it the oldest is forgotten. */
const MAX_ADDRESSES = 10_000;

/**
 * Counts failed authentications per address. It never stands in the way of a right token: agents and
 * people share addresses, and one misconfigured process must not lock out the others. 256 random bits
 * cannot be guessed; the limit keeps floods out of the log and tells the flooder.
 */
export class FailedAttempts {
  readonly #windows = new FailureWindows(FAILURE_WINDOW_MS, MAX_ADDRESSES);

  /** Counts a failure. Returns how long the address should wait, ms; 0 while it is within the limit. */
  record(address: string, now = Date.now()): number {
    const window = this.#windows.open(address, now);
    window.failures++;
    return window.failures > MAX_FAILURES ? window.endsAt - now : 0;
  }
}
