import type { MetricNumbers, MetricSeries, SeriesName } from '@dormouse/protocol';
import { max } from '../../intrinsics.js';
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
  /** Of times that are told apart. */
  #running: Figures | undefined;
  #awaiting: Figures | undefined;

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

  /** @param waited ms of the time */
  addTime(time: number, waited: number): void {
    this.add(time);
    (this.#running ??= new Figures(this.#measure)).add(max(0, time - waited));
    (this.#awaiting ??= new Figures(this.#measure)).add(waited);
  }

  /** As they travel. */
  read(name: SeriesName): MetricSeries {
    return {
      ...name,
      ...this.#readNumbers(),
      ...(this.#running && { running: this.#running.#readNumbers() }),
      ...(this.#awaiting && { awaiting: this.#awaiting.#readNumbers() }),
    };
  }

  #readNumbers(): MetricNumbers {
    return {
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
