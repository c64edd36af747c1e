import type { MetricNumbers, MetricNumbersView } from '@dormouse/protocol';
import { MergedSketch } from './merged-sketch.js';

/** A number, and when it was the last one. */
interface Last {
  readonly value: number;
  readonly at: number;
}

/** Numbers of many windows, added up. */
export class Numbers {
  #count = 0;
  #sum: number | undefined;
  #min = Infinity;
  #max = -Infinity;
  #last: Last | undefined;
  #sketch: MergedSketch | undefined;

  get count(): number {
    return this.#count;
  }

  /** @param at when the window ended, ms since 1970 */
  add({ count, sum, min = Infinity, max = -Infinity, last, sketch }: MetricNumbers, at: number): void {
    this.#include(count, sum, min, max, last === undefined ? undefined : { value: last, at });
    if (sketch !== undefined) (this.#sketch ??= new MergedSketch()).add(sketch);
  }

  merge(other: Numbers): void {
    this.#include(other.#count, other.#sum, other.#min, other.#max, other.#last);
    if (other.#sketch !== undefined) (this.#sketch ??= new MergedSketch()).merge(other.#sketch);
  }

  /** As the API shows them. */
  view(): MetricNumbersView {
    const sum = this.#sum;
    return {
      count: this.#count,
      ...(sum !== undefined &&
        this.#count > 0 && { sum, mean: sum / this.#count, min: this.#min, max: this.#max }),
      ...(this.#last !== undefined && { last: this.#last.value }),
      ...(this.#sketch !== undefined && { quantiles: this.#quantiles(this.#sketch) }),
    };
  }

  #include(count: number, sum: number | undefined, min: number, max: number, last: Last | undefined): void {
    this.#count += count;
    if (sum !== undefined) this.#sum = (this.#sum ?? 0) + sum;
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
    if (last !== undefined && last.at >= (this.#last?.at ?? 0)) this.#last = last;
  }

  /** The middle of an outermost bin may lie beyond the outermost number. */
  #quantiles(sketch: MergedSketch): NonNullable<MetricNumbersView['quantiles']> {
    const within = (value: number): number => Math.max(this.#min, Math.min(this.#max, value));
    const [p50, p90, p99] = sketch.quantiles(0.5, 0.9, 0.99);
    return { p50: within(p50), p90: within(p90), p99: within(p99) };
  }
}
