import type { MetricNumbers, MetricSeries, Sketch } from '@dormouse/protocol';
import { quantile } from './quantile.js';
import type { Second } from './windows.js';

export interface Curve {
  readonly name: string;
  /** A number for each second; nothing where there was none. */
  readonly values: readonly (number | null)[];
}

export interface Chart {
  readonly title: string;
  /** What its numbers are: those that the metric reads, or how many. */
  readonly of: 'values' | 'hits';
  readonly curves: readonly Curve[];
}

/** Curves that a chart shows apart; all others are one, or are left to the table. */
const MOST_CURVES = 6;

/**
 * What a metric came to over time: of numbers how they are distributed, and how often it was hit.
 * @param only the name of the series that is looked at alone
 */
export function chartsOf(seconds: readonly Second[], only: string | undefined): readonly Chart[] {
  const isWanted = (series: MetricSeries): boolean => only === undefined || seriesName(series) === only;
  const seriesAt = seconds.map(({ series }) => series.filter(isWanted));
  const names = namesOf(seriesAt.flat());
  const byName = (of: (numbers: readonly MetricNumbers[]) => number | null): Curve[] =>
    names.slice(0, MOST_CURVES).map((name) => ({
      name,
      values: seriesAt.map((all) => of(all.filter((series) => seriesName(series) === name))),
    }));
  const all = seriesAt.flat();
  const rate: Chart = { title: 'Hits per second', of: 'hits', curves: ratesOf(seconds, names, isWanted) };

  if (all.some(({ sketch }) => sketch !== undefined)) {
    return [
      { title: 'Distribution', of: 'values', curves: quantilesOf(seriesAt) },
      ...(names.length > 1
        ? [{ title: 'Median of each', of: 'values' as const, curves: byName(medianOf) }]
        : []),
      ...(all.some(({ awaiting }) => awaiting !== undefined)
        ? [{ title: 'Median, running and awaiting', of: 'values' as const, curves: partsOf(seriesAt) }]
        : []),
      rate,
    ];
  }
  if (all.some(({ sum }) => sum !== undefined)) {
    return [
      { title: 'Value', of: 'values', curves: extentsOf(seriesAt) },
      ...(names.length > 1 ? [{ title: 'Mean of each', of: 'values' as const, curves: byName(meanOf) }] : []),
      rate,
    ];
  }
  return [rate];
}

type NumbersAt = readonly (readonly MetricNumbers[])[];

/** Those with most hits first. */
function namesOf(all: readonly MetricSeries[]): readonly string[] {
  const totals = new Map<string, number>();
  for (const series of all) {
    const name = seriesName(series);
    totals.set(name, (totals.get(name) ?? 0) + series.count);
  }
  return [...totals].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

function ratesOf(
  seconds: readonly Second[],
  names: readonly string[],
  isWanted: (series: MetricSeries) => boolean,
): Curve[] {
  const shown = names.slice(0, names.length > MOST_CURVES ? MOST_CURVES - 1 : MOST_CURVES);
  const rest = new Set(names.slice(shown.length));
  const curve = (name: string, isIn: (name: string) => boolean): Curve => ({
    name,
    values: seconds.map(({ shares }) =>
      shares.reduce(
        (sum, [series, share]) =>
          isWanted(series) && isIn(seriesName(series)) ? sum + series.count * share : sum,
        0,
      ),
    ),
  });
  return [
    ...shown.map((name) => curve(name, (other) => other === name)),
    ...(rest.size === 0 ? [] : [curve('all others', (name) => rest.has(name))]),
  ];
}

const SHARES = [
  ['median', 0.5],
  ['90 %', 0.9],
  ['99 %', 0.99],
] as const;

const quantilesOf = (numbersAt: NumbersAt): Curve[] =>
  SHARES.map(([name, share]) => ({
    name,
    values: numbersAt.map((all) => quantile(sketchesOf(all), share) ?? null),
  }));

export const sketchesOf = (all: readonly MetricNumbers[]): Sketch[] =>
  all.flatMap(({ sketch }) => (sketch === undefined ? [] : [sketch]));

/** Of async functions: the time that they ran, and the time that they waited. */
const partsOf = (seriesAt: readonly (readonly MetricSeries[])[]): Curve[] =>
  (['running', 'awaiting'] as const).map((name) => ({
    name,
    values: seriesAt.map((all) => medianOf(all.flatMap((series) => series[name] ?? []))),
  }));

const medianOf = (all: readonly MetricNumbers[]): number | null => quantile(sketchesOf(all), 0.5) ?? null;

const extentsOf = (numbersAt: NumbersAt): Curve[] => [
  { name: 'mean', values: numbersAt.map(meanOf) },
  { name: 'least', values: numbersAt.map((all) => extreme(Math.min, all, 'min')) },
  { name: 'largest', values: numbersAt.map((all) => extreme(Math.max, all, 'max')) },
];

function meanOf(all: readonly MetricNumbers[]): number | null {
  const count = all.reduce((sum, series) => sum + (series.sum === undefined ? 0 : series.count), 0);
  return count === 0 ? null : all.reduce((total, { sum = 0 }) => total + sum, 0) / count;
}

function extreme(of: typeof Math.min, all: readonly MetricNumbers[], field: 'min' | 'max'): number | null {
  const known = all.flatMap((numbers) => numbers[field] ?? []);
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
