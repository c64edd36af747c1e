import { z } from 'zod';
import {
  METRIC_KINDS,
  METRIC_LIMITS,
  SKETCH_BINS,
  type MetricKind,
  type MetricSeriesView,
  type MetricsView,
  type MetricWindow,
} from '@dormouse/protocol';
import { count, name, time } from './text.js';
import { withheld } from './withheld.js';

export const metricKind = z.enum(METRIC_KINDS as readonly MetricKind[]);

const OUTCOMES = ['returned', 'threw', 'ended'] as const;
const FAILURES = ['notANumber', 'notFinite', 'notAKey', 'error', 'unfinished'] as const;

/** A window has one series for each key, and one for all others, of each outcome of a call. */
const MAX_SERIES = (METRIC_LIMITS.maxKeys + 1) * OUTCOMES.length;

/** Index, count, index, count, … */
const bins = z.array(z.int()).max(2 * SKETCH_BINS);

const seriesName = {
  key: z.string().max(METRIC_LIMITS.keyLength).meta({ description: 'A value of `by`.' }).exactOptional(),
  other: z.literal(true).meta({ description: 'The series of all keys that had no room.' }).exactOptional(),
  outcome: z
    .enum(OUTCOMES)
    .meta({ description: 'Durations: how the calls ended; `ended`: in a way that could not be seen.' })
    .exactOptional(),
};

const numbers = {
  sum: z.number().exactOptional(),
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
  last: z.number().exactOptional(),
};

const failed = z.partialRecord(z.enum(FAILURES), count);

const numbersOfWindow = {
  count,
  ...numbers,
  sketch: z
    .object({ zeros: count, positive: bins, negative: bins })
    .meta({ description: 'A DDSketch: bins of equal relative width, as index and count in turn.' })
    .exactOptional(),
};

/** The parts of an async call's time. */
const partsOf = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => ({
  running: z
    .object(shape)
    .meta({ description: 'Durations of async functions: the time that the calls ran.' })
    .exactOptional(),
  awaiting: z.object(shape).meta({ description: 'The time that they waited.' }).exactOptional(),
});

/** What a process added up in about a second. */
export const metricWindow = z
  .object({
    from: time,
    to: time,
    series: z
      .array(
        z.object({
          ...seriesName,
          ...numbersOfWindow,
          ...partsOf(numbersOfWindow),
        }),
      )
      .max(MAX_SERIES),
    failed: failed.exactOptional(),
  })
  .meta({
    id: 'MetricWindow',
    description: 'What one process added up in about a second.',
  }) satisfies z.ZodType<MetricWindow>;

const quantile = z.number();

const numbersOfAll = {
  count,
  ...numbers,
  mean: z.number().exactOptional(),
  quantiles: z
    .object({ p50: quantile, p90: quantile, p99: quantile })
    .meta({ description: 'Of numbers with a distribution: known to 1 %.' })
    .exactOptional(),
};

const series: z.ZodType<MetricSeriesView> = z.object({
  ...seriesName,
  ...numbersOfAll,
  ...partsOf(numbersOfAll),
});

/** Windows of many processes, added. */
export const metricsView: z.ZodType<MetricsView> = z
  .object({
    probe: name,
    kind: metricKind,
    from: time.exactOptional(),
    to: time.exactOptional(),
    windows: count,
    instances: z.array(name).meta({ description: 'The processes that the windows are from.' }),
    series: z.array(series).meta({
      description: 'Largest count first, as many as the probe has keys; the series of all others last.',
    }),
    failed: failed.meta({
      description:
        'Hits at which there was nothing to add, by reason; `unfinished`: tics to which no toc came.',
    }),
    withheld: withheld.exactOptional(),
  })
  .meta({ id: 'Metrics', description: 'The figures of a metric, over all processes.' });
