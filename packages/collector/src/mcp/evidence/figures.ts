import type { MetricsView } from '@dormouse/protocol';
import { z } from 'zod';
import { SHOWN } from '../limits.js';

const numbers = z.object({
  key: z.string().meta({ description: 'The value of `by`; `(others)` for all that had no room.' }).optional(),
  outcome: z.string().meta({ description: 'Durations: how the calls ended.' }).optional(),
  count: z.number(),
  mean: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  last: z.number().optional(),
  p50: z.number().optional(),
  p90: z.number().optional(),
  p99: z.number().optional(),
});

/** What a metric has added up, over all processes. */
export const figures = z.object({
  windows: z.number().meta({ description: 'Seconds of processes that are in it.' }),
  instances: z.number().meta({ description: 'Processes.' }),
  series: z.array(numbers).meta({ description: 'Largest count first. Times are ms.' }),
  more: z.number().meta({ description: 'Series that are not shown.' }),
  failed: z.record(z.string(), z.number()).meta({ description: 'Hits without a number, by reason.' }),
});

export function figuresOf({ windows, instances, series, failed }: MetricsView): z.output<typeof figures> {
  const shown = series.slice(0, SHOWN.series);
  return {
    windows,
    instances: instances.length,
    series: shown.map(({ key, other, outcome, count, mean, min, max, last, quantiles }) => ({
      ...(other === true ? { key: '(others)' } : key !== undefined && { key }),
      ...(outcome !== undefined && { outcome }),
      count,
      ...(mean !== undefined && { mean }),
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      ...(last !== undefined && { last }),
      ...quantiles,
    })),
    more: series.length - shown.length,
    failed: { ...failed },
  };
}
