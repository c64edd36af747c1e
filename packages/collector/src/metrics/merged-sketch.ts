import { SKETCH_GAMMA, type Sketch } from '@dormouse/protocol';

/** Sketches added bin by bin, see `Sketch` of the protocol. */
export class MergedSketch {
  #zeros = 0;
  readonly #positive = new Map<number, number>();
  readonly #negative = new Map<number, number>();

  add({ zeros, positive, negative }: Sketch): void {
    this.#zeros += zeros;
    addBins(this.#positive, positive);
    addBins(this.#negative, negative);
  }

  /** Adds what was merged elsewhere. */
  merge(other: MergedSketch): void {
    this.#zeros += other.#zeros;
    for (const [index, count] of other.#positive) addBin(this.#positive, index, count);
    for (const [index, count] of other.#negative) addBin(this.#negative, index, count);
  }

  /** The numbers below which these parts of all numbers lie, each part from 0 to 1, to the accuracy of the sketch. */
  quantiles<const Parts extends readonly number[]>(...parts: Parts): { [Part in keyof Parts]: number } {
    const bins = this.#ascending();
    const total = bins.reduce((sum, { count }) => sum + count, 0);
    return parts.map((part) => valueAt(bins, part * (total - 1))) as { [Part in keyof Parts]: number };
  }

  /** All bins by the number that stands for them. */
  #ascending(): Bin[] {
    const ascending = (a: [number, number], b: [number, number]): number => a[0] - b[0];
    const negative = [...this.#negative].sort(ascending).reverse();
    const positive = [...this.#positive].sort(ascending);
    return [
      ...negative.map(([index, count]) => ({ value: -middleOf(index), count })),
      { value: 0, count: this.#zeros },
      ...positive.map(([index, count]) => ({ value: middleOf(index), count })),
    ];
  }
}

interface Bin {
  readonly value: number;
  readonly count: number;
}

/** The number whose relative distance to both ends of the bin is the same. */
const middleOf = (index: number): number => (2 * SKETCH_GAMMA ** index) / (SKETCH_GAMMA + 1);

/** The number at a rank, counted from 0. */
function valueAt(bins: readonly Bin[], rank: number): number {
  let before = 0;
  for (const { value, count } of bins) {
    before += count;
    if (before > rank) return value;
  }
  return 0;
}

function addBins(bins: Map<number, number>, entries: readonly number[]): void {
  for (let at = 0; at + 1 < entries.length; at += 2) {
    addBin(bins, entries[at] as number, entries[at + 1] as number);
  }
}

function addBin(bins: Map<number, number>, index: number, count: number): void {
  bins.set(index, (bins.get(index) ?? 0) + count);
}
