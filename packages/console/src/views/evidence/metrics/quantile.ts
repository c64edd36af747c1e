import { SKETCH_GAMMA, type Sketch } from '@dormouse/protocol';

/** A number that stands for all of a bin. */
const middleOf = (bin: number): number => (2 * SKETCH_GAMMA ** bin) / (SKETCH_GAMMA + 1);

/** Distributions that are added up: numbers, ascending, and how often each was. */
export function binsOf(sketches: readonly Sketch[]): readonly (readonly [number: number, count: number])[] {
  const bins = new Map<number, number>();
  const add = (number: number, count: number): unknown => bins.set(number, (bins.get(number) ?? 0) + count);
  for (const { zeros, positive, negative } of sketches) {
    if (zeros > 0) add(0, zeros);
    for (let at = 0; at < positive.length; at += 2) add(middleOf(positive[at]!), positive[at + 1]!);
    for (let at = 0; at < negative.length; at += 2) add(-middleOf(negative[at]!), negative[at + 1]!);
  }
  return [...bins].sort(([a], [b]) => a - b);
}

/**
 * A quantile of distributions that are added up, known to 1 %.
 * @param share 0 to 1
 */
export function quantile(sketches: readonly Sketch[], share: number): number | undefined {
  const bins = binsOf(sketches);
  const total = bins.reduce((sum, [, count]) => sum + count, 0);
  let rank = share * (total - 1);
  for (const [number, count] of bins) {
    rank -= count;
    if (rank < 0) return number;
  }
  return bins.at(-1)?.[0];
}
