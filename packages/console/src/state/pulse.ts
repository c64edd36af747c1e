/** Seconds that are remembered. */
const SECONDS = 60;

/** How often something happened in each of the last sixty seconds. */
export class Pulse {
  readonly #counts: number[] = Array.from({ length: SECONDS }, () => 0);
  #second = 0;

  /** @param at ms since 1970 */
  add(at: number, count = 1): void {
    const second = Math.floor(at / 1_000);
    this.#advance(Math.max(second, this.#second));
    const age = this.#second - second;
    if (age < SECONDS) this.#counts[second % SECONDS]! += count;
  }

  /** The counts, oldest first. @param now ms since 1970 */
  beats(now: number): number[] {
    this.#advance(Math.max(Math.floor(now / 1_000), this.#second));
    const next = (this.#second + 1) % SECONDS;
    return [...this.#counts.slice(next), ...this.#counts.slice(0, next)];
  }

  #advance(second: number): void {
    for (let passed = Math.max(this.#second + 1, second - SECONDS + 1); passed <= second; passed++) {
      this.#counts[passed % SECONDS] = 0;
    }
    this.#second = second;
  }
}
