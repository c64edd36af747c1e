import { SKETCH_GAMMA, type Sketch } from '@dormouse/protocol';
import { binsOf } from './quantile.js';

/** Numbers between two, and how many there were. */
export interface Column {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Columns of a histogram, at most. */
const COLUMNS = 40;

/** Distributions that are added up, as columns; of numbers above zero each as much wider than the one before as it is larger. */
export function columnsOf(sketches: readonly Sketch[]): readonly Column[] {
  const bins = binsOf(sketches);
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return [];
  const edges = first[0] > 0 ? relativeEdges(first[0], last[0]) : evenEdges(first[0], last[0]);
  const counts = edges.slice(1).map(() => 0);
  for (const [number, count] of bins) {
    const at = edges.findLastIndex((edge) => edge <= number);
    counts[Math.max(0, Math.min(at, counts.length - 1))]! += count;
  }
  return counts.map((count, index) => ({ from: edges[index]!, to: edges[index + 1]!, count }));
}

/** A bin's number stands for what is within one part of the base around it. */
function relativeEdges(least: number, largest: number): number[] {
  const low = least / Math.sqrt(SKETCH_GAMMA);
  const high = largest * Math.sqrt(SKETCH_GAMMA);
  const bins = Math.round(Math.log(high / low) / Math.log(SKETCH_GAMMA));
  // Whole bins, or some columns would have one more than others.
  const each = Math.ceil(bins / COLUMNS);
  const columns = Math.ceil(bins / each);
  return Array.from({ length: columns + 1 }, (_, index) => low * SKETCH_GAMMA ** (index * each));
}

function evenEdges(least: number, largest: number): number[] {
  if (least === largest) return [least, least + 1];
  return Array.from({ length: COLUMNS + 1 }, (_, index) => least + ((largest - least) * index) / COLUMNS);
}

/** Where a number stands on columns of equal width, 0 to 1. */
export function placeIn(columns: readonly Column[], number: number): number {
  const index = columns.findIndex(({ to }) => number < to);
  if (index === -1) return 1;
  const { from, to } = columns[index]!;
  return (index + Math.max(0, (number - from) / (to - from))) / columns.length;
}
