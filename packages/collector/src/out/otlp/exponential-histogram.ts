import { SKETCH_GAMMA, type MetricNumbers, type Sketch } from '@dormouse/protocol';
import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics';

type Buckets = ExponentialHistogram['positive'];

/** Buckets of one sign, as OpenTelemetry's SDKs have by default: what receivers are made for. */
const MOST_BUCKETS = 160;

/** Finer than our own bins: base 2 ^ (1/64) = 1.011 against 1.02. */
const FINEST_SCALE = 6;

/**
 * A sketch as an exponential histogram. Count, sum, least and largest are exact. Every number has become the middle of
 * its bin, at most 1 % away, and falls into the bucket of that: a quantile read from the middle of a bucket is
 * within 1 % and half of the bucket's width, so 1.6 % at scale 6 and 2.1 % at scale 5. What spans more than 160 buckets
 * has a coarser scale: from the least to the largest number a factor of 5.6 at scale 6, 32 at 5, 1,000 at 4.
 * @param per by which numbers are divided: 1,000 makes seconds of ms
 */
export function exponentialHistogram(
  { count, sum, min, max, sketch }: MetricNumbers,
  per: number,
): ExponentialHistogram {
  const { zeros = 0, positive = [], negative = [] } = sketch ?? ({} as Partial<Sketch>);
  const above = indexes(positive, per);
  const below = indexes(negative, per);
  const coarser = Math.max(halvings(above), halvings(below));
  return {
    count,
    ...(sum !== undefined && { sum: sum / per }),
    ...(min !== undefined && { min: min / per }),
    ...(max !== undefined && { max: max / per }),
    scale: FINEST_SCALE - coarser,
    zeroCount: zeros,
    positive: buckets(above, coarser),
    negative: buckets(below, coarser),
  };
}

/** Index of a bucket at the finest scale, and how many are in it; ascending. */
type Counted = readonly (readonly [index: number, count: number])[];

/** Bucket `i` has the numbers over base^i up to base^(i+1). */
function indexes(bins: readonly number[], per: number): Counted {
  const perOctave = 2 ** FINEST_SCALE;
  const counted: [number, number][] = [];
  for (let at = 0; at + 1 < bins.length; at += 2) {
    const middle = (2 * SKETCH_GAMMA ** bins[at]!) / (SKETCH_GAMMA + 1) / per;
    counted.push([Math.ceil(Math.log2(middle) * perOctave) - 1, bins[at + 1]!]);
  }
  return counted;
}

/** How often two neighbouring buckets have to become one. */
function halvings(counted: Counted): number {
  const first = counted[0]?.[0] ?? 0;
  const last = counted.at(-1)?.[0] ?? 0;
  let times = 0;
  while ((last >> times) - (first >> times) >= MOST_BUCKETS) times++;
  return times;
}

function buckets(counted: Counted, coarser: number): Buckets {
  const offset = (counted[0]?.[0] ?? 0) >> coarser;
  const bucketCounts: number[] = [];
  for (const [index, count] of counted) {
    const bucket = (index >> coarser) - offset;
    while (bucketCounts.length <= bucket) bucketCounts.push(0);
    bucketCounts[bucket]! += count;
  }
  return { offset, bucketCounts };
}
