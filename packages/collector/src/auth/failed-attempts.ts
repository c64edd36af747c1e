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
  readonly #windows = new Map<string, { failures: number; readonly endsAt: number }>();

  /** Counts a failure. Returns how long the address should wait, ms; 0 while it is within the limit. */
  record(address: string, now = Date.now()): number {
    const window = this.#window(address, now);
    window.failures++;
    return window.failures > MAX_FAILURES ? window.endsAt - now : 0;
  }

  #window(address: string, now: number): { failures: number; readonly endsAt: number } {
    const known = this.#windows.get(address);
    if (known !== undefined && known.endsAt > now) return known;
    this.#windows.delete(address);
    if (this.#windows.size >= MAX_ADDRESSES) this.#windows.delete(this.#windows.keys().next().value!);
    const fresh = { failures: 0, endsAt: now + FAILURE_WINDOW_MS };
    this.#windows.set(address, fresh);
    return fresh;
  }
}
