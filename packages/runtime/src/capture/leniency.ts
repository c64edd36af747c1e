/** Longer than what is done between two looks at the clock takes, ms: another process had the core, or V8 collected garbage. */
const PAUSE_MS = 2;

/** A pause of the machine is no reason to show less; the first one. */
export class Leniency {
  #isSpent = false;

  /** @param tookMs between two looks at the clock @returns whether that was a pause, which does not count */
  forgives(tookMs: number): boolean {
    if (tookMs < PAUSE_MS || this.#isSpent) return false;
    this.#isSpent = true;
    return true;
  }
}
