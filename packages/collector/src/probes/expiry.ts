/** A longer one fires at once: a clock that was set back by weeks would have it fire without end. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Before it is tried again to end what has expired, ms. */
const AGAIN_MS = 1_000;

/** What has to do with the time at which probes end. */
export interface ExpiryOptions {
  /** When the next one ends, ms since 1970; Infinity where there is none. */
  next(): number;
  /** Ends those whose time is over. */
  end(): Promise<void>;
  failed(error: unknown): void;
}

/** One timer for all that expires. */
export class Expiry {
  readonly #options: ExpiryOptions;
  #timer: NodeJS.Timeout | undefined;
  #ending: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: ExpiryOptions) {
    this.#options = options;
  }

  /**
   * Looks once more what ends next.
   * @param earliestMs from now on
   */
  schedule(earliestMs = 0): void {
    clearTimeout(this.#timer);
    const next = this.#options.next();
    if (next === Infinity || this.#isStopped) return;
    const restMs = Math.min(next - Date.now(), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => (this.#ending = this.#end()), Math.max(earliestMs, restMs));
  }

  /** Resolves when nothing is being ended any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#ending;
  }

  /** @throws what `end` throws */
  async endNow(): Promise<void> {
    await this.#options.end();
    this.schedule();
  }

  async #end(): Promise<void> {
    try {
      await this.endNow();
    } catch (error) {
      this.#options.failed(error);
      this.schedule(AGAIN_MS);
    }
  }
}
