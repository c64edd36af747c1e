/** Failures from the first of them until its time is over. */
export interface FailureWindow {
  failures: number;
  /** ms, as the clock that is given has them. */
  readonly endsAt: number;
}

/** Counts failures by key, each for a while. */
export class FailureWindows {
  readonly #windows = new Map<string, FailureWindow>();
  readonly #lengthMs: number;
  readonly #mostKeys: number;

  /** @param mostKeys remembered; beyond it the oldest is forgotten */
  constructor(lengthMs: number, mostKeys: number) {
    this.#lengthMs = lengthMs;
    this.#mostKeys = mostKeys;
  }

  /** Even if its time is over. */
  find(key: string): FailureWindow | undefined {
    return this.#windows.get(key);
  }

  /** The one that a failure counts in, which may be its first. */
  open(key: string, now: number): FailureWindow {
    const known = this.#windows.get(key);
    if (known !== undefined && known.endsAt > now) return known;
    this.#windows.delete(key);
    if (this.#windows.size >= this.#mostKeys) this.#windows.delete(this.#windows.keys().next().value!);
    const fresh = { failures: 0, endsAt: now + this.#lengthMs };
    this.#windows.set(key, fresh);
    return fresh;
  }

  delete(key: string): void {
    this.#windows.delete(key);
  }
}
