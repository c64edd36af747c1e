import { monotonicMs } from '../intrinsics.js';

/** How long a call takes, ms, and how much of that it waits. */
export class CallTime {
  readonly #begun = monotonicMs();
  #waited = 0;
  /** When it began to wait, monotonic ms; undefined while it runs. */
  #waitsSince: number | undefined;

  /** The call is about to wait. */
  suspend(): void {
    const now = monotonicMs();
    this.#waitUntil(now);
    this.#waitsSince = now;
  }

  /** The call runs, whether or not it was known to wait. */
  resume(): void {
    if (this.#waitsSince !== undefined) this.#waitUntil(monotonicMs());
  }

  /** The call ends, from wherever it is. */
  end(): { readonly total: number; readonly waited: number } {
    const now = monotonicMs();
    this.#waitUntil(now);
    return { total: now - this.#begun, waited: this.#waited };
  }

  #waitUntil(now: number): void {
    if (this.#waitsSince !== undefined) this.#waited += now - this.#waitsSince;
    this.#waitsSince = undefined;
  }
}
