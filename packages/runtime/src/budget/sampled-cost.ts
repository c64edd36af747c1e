import { min, monotonicMs } from '../intrinsics.js';

/** One in so many hits is timed; a power of two, so that the count of hits tells which. */
export const SAMPLED_HITS = 1_024;

const SAMPLES = 8;

/**
 * What hits cost that are too short to be timed one by one, such as those whose condition is false: reading the clock
 * takes longer than they do. The cheapest of the last samples stands for all: the others captured something, or were
 * interrupted by the system or the garbage collector.
 */
export class SampledCost {
  readonly #samples: number[] = [];
  #next = 0;
  #clockMs = 0;
  #startedAt = 0;
  #charged = 0;

  begin(): void {
    const before = monotonicMs();
    this.#startedAt = monotonicMs();
    this.#clockMs = this.#startedAt - before;
  }

  end(): void {
    const tookMs = monotonicMs() - this.#startedAt - this.#clockMs;
    this.#samples[this.#next] = tookMs > 0 ? tookMs : 0;
    this.#next = (this.#next + 1) % SAMPLES;
  }

  /** @param hits how many there have been @returns what those cost that were not asked about before, ms */
  costMs(hits: number): number {
    const fresh = hits - this.#charged;
    this.#charged = hits;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.#samples.length; index++)
      least = min(least, this.#samples[index] as number);
    return this.#samples.length === 0 ? 0 : least * fresh;
  }
}
