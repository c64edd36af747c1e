import { SKETCH_BINS } from '@dormouse/protocol';
import { max, min } from '../../intrinsics.js';

/** Taken at load, as the program may replace it. */
const Counts = Float64Array;

/** Room is made for so many bins at once. */
const CHUNK = 64;

/**
 * Counts of neighbouring bins, at most {@link SKETCH_BINS}: when they would become more, the lowest are added to the
 * lowest that is left. Counting in a bin that has room allocates nothing.
 */
export class Bins {
  /** Of the bin at `#first` and those above it. */
  #counts = new Counts(0);
  #first = 0;

  add(index: number): void {
    const at = index - this.#first;
    const counts = this.#counts;
    if (at >= 0 && at < counts.length) (counts[at] as number)++;
    else this.#addOutside(index);
  }

  /** The bins that are not empty: index, count, index, count, … */
  entries(): number[] {
    const entries: number[] = [];
    for (let at = 0; at < this.#counts.length; at++) {
      const count = this.#counts[at] as number;
      if (count > 0) entries.push(this.#first + at, count);
    }
    return entries;
  }

  #addOutside(index: number): void {
    this.#makeRoom(index);
    (this.#counts[max(index - this.#first, 0)] as number)++;
  }

  /** Afterwards the bin has a place, or lies below all that have. */
  #makeRoom(index: number): void {
    const before = this.#counts;
    const isFirst = before.length === 0;
    const below = isFirst ? index : this.#first;
    const above = isFirst ? index : this.#first + before.length - 1;
    const isAbove = index > above;
    const lowest = isAbove ? below : max(index - CHUNK, above - SKETCH_BINS + 1);
    const highest = isAbove ? index + CHUNK : above;
    const length = min(highest - lowest + 1, SKETCH_BINS);
    const first = highest - length + 1;

    const counts = new Counts(length);
    for (let at = 0; at < before.length; at++) {
      (counts[max(below + at - first, 0)] as number) += before[at] as number;
    }
    this.#counts = counts;
    this.#first = first;
  }
}
