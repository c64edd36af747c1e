import { min } from '../intrinsics.js';

/**
 * What hits cost that are too short to be timed one by one, such as those whose condition is false: reading the clock
 * takes longer than they do. One in {@link SAMPLED_HITS} is timed, and the cheapest of the last samples stands for all:
 * the others were interrupted, by the system or the garbage collector.
 *
 *     if ((++seen & (SAMPLED_HITS - 1)) === 0) …time this hit between two reads, and one more for the clock itself
 *     …at the tick: budget.spent(now, cost.of(hits since the last tick))
 */
export const SAMPLED_HITS = 1_024;

const SAMPLES = 8;

export class SampledCost {
  readonly #samples: number[] = [];
  #next = 0;

  /** Adds the time of one hit, ms. @param clockMs what reading the clock took, which is not the hit's */
  add(tookMs: number, clockMs: number): void {
    this.#samples[this.#next] = tookMs > clockMs ? tookMs - clockMs : 0;
    this.#next = (this.#next + 1) % SAMPLES;
  }

  /** What `hits` of them cost, ms; 0 before the first sample. */
  of(hits: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.#samples.length; index++) {
      least = min(least, this.#samples[index] as number);
    }
    return this.#samples.length === 0 ? 0 : least * hits;
  }
}
