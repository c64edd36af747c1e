import type { MetricNumbersView, MetricSeriesView, ProbeView } from '@dormouse/protocol';
import { Registry, type Metric } from 'prom-client';
import type { Core } from '../../core.js';
import { isMetric } from '../../metrics/kinds.js';
import type { ProbeDefinition } from '../../probes/definition.js';

/** What is shown at most: metrics, the newest; series of each, the largest; and the series of all others together. */
const MOST_PROBES = 100;
const MOST_SERIES = 20;

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly metricName?: string;
  readonly labels: Labels;
  readonly value: number;
}

interface Family {
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'summary';
  readonly per: number;
}

/** Times are measured in ms and shown in seconds, as Prometheus wants. */
const FAMILIES = {
  dormouse_probe_hits_total: { help: 'Hits that a counter has counted.', type: 'counter', per: 1 },
  dormouse_probe_last: { help: 'The last number that a gauge has read.', type: 'gauge', per: 1 },
  dormouse_probe_number: { help: 'The numbers that a probe has read.', type: 'summary', per: 1 },
  dormouse_probe_seconds: { help: 'Times that a probe has measured.', type: 'summary', per: 1_000 },
  dormouse_probe_running_seconds: { help: 'Parts of calls that they ran.', type: 'summary', per: 1_000 },
  dormouse_probe_awaiting_seconds: { help: 'Parts of calls that they waited.', type: 'summary', per: 1_000 },
  dormouse_probe_failed_total: {
    help: 'Hits at which there was nothing to add.',
    type: 'counter',
    per: 1,
  },
} as const satisfies Readonly<Record<string, Family>>;

type FamilyName = keyof typeof FAMILIES;

/** The metrics of an environment's active probes, from their beginning, as Prometheus reads them. */
export async function probeMetrics({ storage, metrics }: Core): Promise<Registry> {
  const active = await storage.probes.list({ state: 'active' }, Number.MAX_SAFE_INTEGER);
  const measuring = active.filter(({ definition }) => isMetric(definition.kind)).slice(0, MOST_PROBES);
  const families = new Map<FamilyName, Sample[]>();
  const add = (name: FamilyName, samples: readonly Sample[]): void => {
    families.set(name, [...(families.get(name) ?? []), ...samples]);
  };
  for (const { definition } of measuring) {
    const totals = await metrics.of(definition.id);
    const { series, failed } = totals.view(MOST_SERIES);
    const labels = labelsOf(definition);
    for (const one of series) addSeries(add, definition.kind, { ...labels, ...labelsOfSeries(one) }, one);
    const failures = Object.entries(failed).map(([reason, value]) => ({
      labels: { ...labels, reason },
      value,
    }));
    if (failures.length > 0) add('dormouse_probe_failed_total', failures);
  }
  const registry = new Registry();
  for (const [name, values] of families) registry.registerMetric(asMetric(name, values));
  return registry;
}

function addSeries(
  add: (name: FamilyName, samples: readonly Sample[]) => void,
  kind: ProbeView['kind'],
  labels: Labels,
  series: MetricSeriesView,
): void {
  const summary = (name: FamilyName, numbers: MetricNumbersView | undefined): void => {
    if (numbers !== undefined) add(name, summarised(name, labels, numbers));
  };
  switch (kind) {
    case 'counter':
      return add('dormouse_probe_hits_total', [{ labels, value: series.count }]);
    case 'gauge':
      if (series.last !== undefined) add('dormouse_probe_last', [{ labels, value: series.last }]);
      return;
    case 'histogram':
      return summary('dormouse_probe_number', series);
    default:
      summary('dormouse_probe_seconds', series);
      summary('dormouse_probe_running_seconds', series.running);
      summary('dormouse_probe_awaiting_seconds', series.awaiting);
  }
}

function summarised(
  name: FamilyName,
  labels: Labels,
  { count, sum = 0, quantiles }: MetricNumbersView,
): Sample[] {
  const { per } = FAMILIES[name];
  const parts =
    quantiles === undefined
      ? []
      : ([
          ['0.5', quantiles.p50],
          ['0.9', quantiles.p90],
          ['0.99', quantiles.p99],
        ] as const);
  return [
    ...parts.map(([quantile, value]) => ({ labels: { ...labels, quantile }, value: value / per })),
    { metricName: `${name}_sum`, labels, value: sum / per },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

const labelsOf = ({ id, service, location, anchor }: ProbeDefinition): Labels => ({
  probe: id,
  service,
  file: location.file,
  line: String(location.line),
  function: anchor.function,
});

const labelsOfSeries = ({ key, other, outcome }: MetricSeriesView): Labels => ({
  ...(key !== undefined && { key }),
  ...(other === true && { other: 'true' }),
  ...(outcome !== undefined && { outcome }),
});

/** As a registry asks it. prom-client's own metrics add up by themselves; these were added up already. */
const asMetric = (name: FamilyName, values: readonly Sample[]): Metric => {
  const { help, type } = FAMILIES[name];
  return { name, get: async () => ({ name, help, type, values, aggregator: 'sum' }) } as unknown as Metric;
};
