import type { CaptureView, MetricSeries } from '@dormouse/protocol';
import { quantile } from './quantile.js';

export interface Curve {
  readonly name: string;
  /** A number for each second; nothing where there was none. */
  readonly values: readonly (number | null)[];
}

export interface Chart {
  readonly title: string;
  /** Seconds since 1970, without gaps. */
  readonly seconds: readonly number[];
  readonly curves: readonly Curve[];
}

/** Curves that a chart shows apart; all others are one. */
const MOST_CURVES = 6;

/** What the windows of a metric come to: how often, and of numbers how they are distributed. */
export function chartsOf(windows: readonly CaptureView[], spanS: number, nowMs: number): readonly Chart[] {
  const until = Math.floor(nowMs / 1_000);
  const seconds = Array.from({ length: spanS }, (_, index) => until - spanS + 1 + index);
  const bySecond = Map.groupBy(
    windows.flatMap(({ metric }) => (metric === undefined ? [] : [metric])),
    ({ to }) => Math.floor(to / 1_000),
  );
  const seriesAt = seconds.map((second) => (bySecond.get(second) ?? []).flatMap(({ series }) => series));
  const rate = { title: 'Hits per second', seconds, curves: ratesOf(seriesAt) };
  const all = seriesAt.flat();
  if (all.some(({ sketch }) => sketch !== undefined))
    return [{ title: 'Distribution', seconds, curves: quantilesOf(seriesAt) }, rate];
  if (all.some(({ sum }) => sum !== undefined))
    return [{ title: 'Value', seconds, curves: meansOf(seriesAt) }, rate];
  return [rate];
}

type SeriesAt = readonly (readonly MetricSeries[])[];

function ratesOf(seriesAt: SeriesAt): Curve[] {
  const totals = new Map<string, number>();
  for (const series of seriesAt.flat()) {
    const name = seriesName(series);
    totals.set(name, (totals.get(name) ?? 0) + series.count);
  }
  const names = [...totals].sort(([, a], [, b]) => b - a).map(([name]) => name);
  const shown = names.slice(0, names.length > MOST_CURVES ? MOST_CURVES - 1 : MOST_CURVES);
  const rest = new Set(names.slice(shown.length));
  const curve = (name: string, isIn: (series: MetricSeries) => boolean): Curve => ({
    name,
    values: seriesAt.map((all) => all.filter(isIn).reduce((sum, { count }) => sum + count, 0)),
  });
  return [
    ...shown.map((name) => curve(name, (series) => seriesName(series) === name)),
    ...(rest.size === 0 ? [] : [curve('all others', (series) => rest.has(seriesName(series)))]),
  ];
}

function quantilesOf(seriesAt: SeriesAt): Curve[] {
  const shares = [
    ['median', 0.5],
    ['90 %', 0.9],
    ['99 %', 0.99],
  ] as const;
  const sketchesAt = seriesAt.map((all) =>
    all.flatMap(({ sketch }) => (sketch === undefined ? [] : [sketch])),
  );
  return shares.map(([name, share]) => ({
    name,
    values: sketchesAt.map((sketches) => quantile(sketches, share) ?? null),
  }));
}

function meansOf(seriesAt: SeriesAt): Curve[] {
  const numbersAt = seriesAt.map((all) => all.filter(({ sum }) => sum !== undefined));
  const total = (all: readonly MetricSeries[], of: (series: MetricSeries) => number): number =>
    all.reduce((sum, series) => sum + of(series), 0);
  return [
    {
      name: 'least',
      values: numbersAt.map((all) =>
        extreme(
          Math.min,
          all.map(({ min }) => min),
        ),
      ),
    },
    {
      name: 'mean',
      values: numbersAt.map((all) =>
        all.length === 0 ? null : total(all, ({ sum = 0 }) => sum) / total(all, ({ count }) => count),
      ),
    },
    {
      name: 'largest',
      values: numbersAt.map((all) =>
        extreme(
          Math.max,
          all.map(({ max }) => max),
        ),
      ),
    },
  ];
}

function extreme(of: typeof Math.min, numbers: readonly (number | undefined)[]): number | null {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? null : of(...known);
}

/** What a series is of, as a person says it. */
export function seriesName({ key, other, outcome }: Pick<MetricSeries, 'key' | 'other' | 'outcome'>): string {
  const parts = [
    ...(other === true ? ['all other keys'] : []),
    ...(key === undefined ? [] : [key]),
    ...(outcome === undefined ? [] : [outcome]),
  ];
  return parts.length === 0 ? 'hits' : parts.join(', ');
}
