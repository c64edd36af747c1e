import { SKETCH_ACCURACY, SKETCH_GAMMA } from '@dormouse/protocol';
import { expect, test } from 'vitest';
import { exponentialHistogram } from '../../src/out/otlp/exponential-histogram.ts';

type Histogram = ReturnType<typeof exponentialHistogram>;

/** A sketch as a process makes it. */
function sketchOf(numbers: readonly number[]) {
  const bins = (of: readonly number[]): number[] => {
    const counts = new Map<number, number>();
    for (const number of of) {
      const index = Math.ceil(Math.log(number) / Math.log(SKETCH_GAMMA));
      counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    return [...counts].sort(([a], [b]) => a - b).flat();
  };
  return {
    count: numbers.length,
    sum: numbers.reduce((sum, number) => sum + number, 0),
    min: Math.min(...numbers),
    max: Math.max(...numbers),
    sketch: {
      zeros: numbers.filter((number) => number === 0).length,
      positive: bins(numbers.filter((number) => number > 0)),
      negative: bins(numbers.filter((number) => number < 0).map((number) => -number)),
    },
  };
}

const baseOf = ({ scale }: Histogram): number => 2 ** (2 ** -scale);

/** The number at a rank, as a reader finds it: the middle, by ratio, of the bucket that holds it. */
function numberAt(histogram: Histogram, rank: number): number {
  const { positive, negative, zeroCount } = histogram;
  const middle = (index: number): number => baseOf(histogram) ** (index + 0.5);
  const ascending = [
    ...negative.bucketCounts.map((count, at) => ({ count, value: -middle(negative.offset + at) })).reverse(),
    { count: zeroCount, value: 0 },
    ...positive.bucketCounts.map((count, at) => ({ count, value: middle(positive.offset + at) })),
  ];
  let before = 0;
  return ascending.find(({ count }) => (before += count) > rank)!.value;
}

const random = (seed: number) => (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed / 2 ** 31;
};

test.each([
  { spread: 1.2, scale: 6 },
  { spread: 5, scale: 6 },
  { spread: 30, scale: 5 },
  { spread: 1_000, scale: 4 },
  { spread: 1e6, scale: 2 },
  { spread: 1e12, scale: 1 },
])('every quantile of numbers that span a factor of $spread is as near as it says', ({ spread, scale }) => {
  const next = random(Math.round(spread * 7));
  const numbers = Array.from({ length: 2_000 }, () => 3 * spread ** next()).sort((a, b) => a - b);
  const histogram = exponentialHistogram(sketchOf(numbers), 1);
  expect(histogram.scale).toBeGreaterThanOrEqual(scale);
  expect(histogram.positive.bucketCounts.length).toBeLessThanOrEqual(160);
  const error = (1 + SKETCH_ACCURACY) * Math.sqrt(baseOf(histogram)) - 1;
  for (let rank = 0; rank < numbers.length; rank += 37) {
    expect(Math.abs(numberAt(histogram, rank) / numbers[rank]! - 1)).toBeLessThanOrEqual(error + 1e-9);
  }
});

test('every number is in exactly one bucket, whatever its sign', () => {
  const next = random(5);
  const numbers = Array.from({ length: 1_000 }, (_, index) =>
    index % 10 === 0 ? 0 : (next() - 0.5) * 10 ** (index % 7),
  );
  const histogram = exponentialHistogram(sketchOf(numbers), 1);
  const counted = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  expect(histogram.zeroCount).toBe(100);
  expect(counted(histogram.positive.bucketCounts)).toBe(numbers.filter((number) => number > 0).length);
  expect(counted(histogram.negative.bucketCounts)).toBe(numbers.filter((number) => number < 0).length);
});

test('in another unit it is the same histogram, elsewhere', () => {
  const numbers = sketchOf([2, 3, 500]);
  const [ms, s] = [exponentialHistogram(numbers, 1), exponentialHistogram(numbers, 1_000)];
  expect(s).toMatchObject({ count: 3, sum: 0.505, min: 0.002, max: 0.5, scale: ms.scale });
  expect(numberAt(s, 1)).toBeCloseTo(0.003, 3);
});

test('without a distribution it has its count and sum', () => {
  expect(exponentialHistogram({ count: 2, sum: 5 }, 1)).toEqual({
    count: 2,
    sum: 5,
    scale: 6,
    zeroCount: 0,
    positive: { offset: 0, bucketCounts: [] },
    negative: { offset: 0, bucketCounts: [] },
  });
});
