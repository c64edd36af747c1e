import type { MetricSeries, SeriesName } from '@dormouse/protocol';
import { GrowingSketch } from './sketch.js';

/** What is kept of the numbers of a series: nothing but how many, their sum and extremes, or their distribution too. */
export type Measure = 'count' | 'summary' | 'distribution';

/** One series of a window, as it grows. */
export class Figures {
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;
  #last = 0;
  readonly #measure: Measure;
  readonly #sketch: GrowingSketch | undefined;

  constructor(measure: Measure) {
    this.#measure = measure;
    this.#sketch = measure === 'distribution' ? new GrowingSketch() : undefined;
  }

  /** Hits of which no number is known. */
  count(hits: number): void {
    this.#count += hits;
  }

  /** @param value finite */
  add(value: number): void {
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.#last = value;
    this.#sketch?.add(value);
  }

  /** As they travel. */
  read(name: SeriesName): MetricSeries {
    return {
      ...name,
      count: this.#count,
      ...(this.#measure !== 'count' && {
        sum: this.#sum,
        min: this.#min,
        max: this.#max,
        last: this.#last,
      }),
      ...(this.#sketch && { sketch: this.#sketch.read() }),
    };
  }
}
