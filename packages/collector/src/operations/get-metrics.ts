import { z } from 'zod';
import { METRIC_LIMITS } from '@dormouse/protocol';
import { withoutKeys } from '../captures/without-values.js';
import { CollectorError } from '../collector-error.js';
import { isMetric } from '../metrics/kinds.js';
import { Totals } from '../metrics/totals.js';
import { windowsOf } from '../metrics/windows.js';
import { metricsView } from '../schemas/metric.js';
import { name } from '../schemas/text.js';
import type { CaptureStore } from '../storage/contract/captures.js';
import { defineOperation } from './operation.js';

const moment = z.coerce.number().min(0);

export const getMetrics = defineOperation({
  name: 'getMetrics',
  summary: 'Get the figures of a metric',
  description:
    'The windows of all processes that ended between two times, added up: counts, sums, extremes and quantiles.',
  tag: 'captures',
  method: 'GET',
  path: '/metrics',
  withoutValues: withoutKeys,
  permission: 'captures:read',
  query: z.strictObject({
    probe: name.meta({ description: 'A counter, gauge, histogram, duration or tictoc.' }),
    from: moment.meta({ description: 'ms since 1970. Without it: from the beginning.' }).exactOptional(),
    to: moment.meta({ description: 'ms since 1970. Without it: until now.' }).exactOptional(),
  }),
  output: metricsView,
  outputDescription: 'The figures; no series while there were no hits.',
  errors: ['NOT_FOUND'],
  async run({ storage, probes, metrics }, { query: { probe, from, to } }) {
    const { kind, keys = METRIC_LIMITS.keys } = await probes.view(probe);
    if (!isMetric(kind)) {
      throw new CollectorError(
        'INVALID_REQUEST',
        `Probe ${probe} is a ${kind}, which has captures and no figures.`,
        {
          path: 'probe',
        },
      );
    }
    const isWhole = from === undefined && to === undefined;
    const totals = isWhole ? await metrics.of(probe) : await totalsBetween(storage.captures, probe, from, to);
    return { probe, kind, ...totals.view(keys) };
  },
});

async function totalsBetween(
  captures: CaptureStore,
  probe: string,
  from = 0,
  to = Infinity,
): Promise<Totals> {
  const totals = new Totals();
  for await (const { instance, metric } of windowsOf(captures, probe)) {
    if (metric.to >= from && metric.to <= to) totals.add(instance, metric);
  }
  return totals;
}
