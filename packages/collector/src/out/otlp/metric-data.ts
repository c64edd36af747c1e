import type { CaptureView, MetricKind, MetricNumbers, MetricSeries, MetricWindow } from '@dormouse/protocol';
import { ValueType, type Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type DataPoint,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { isMetric } from '../../metrics/kinds.js';
import { attributesOf } from './attributes.js';
import { exponentialHistogram } from './exponential-histogram.js';
import { SCOPE } from './scope.js';
import { hrTime } from './time.js';

/** How the numbers of each kind are sent. Times are measured in ms and sent in seconds, as the conventions want. */
const FORMS: Readonly<Record<MetricKind, Form>> = {
  counter: { as: 'sum', unit: '{hit}', per: 1, description: 'Hits of a probe.' },
  gauge: { as: 'gauge', unit: '', per: 1, description: 'The last number that a probe has read.' },
  histogram: { as: 'histogram', unit: '', per: 1, description: 'The numbers that a probe has read.' },
  duration: { as: 'histogram', unit: 's', per: 1_000, description: 'Time that calls took.' },
  tictoc: { as: 'histogram', unit: 's', per: 1_000, description: 'Time from one line to another.' },
};

interface Form {
  readonly as: 'sum' | 'gauge' | 'histogram';
  readonly unit: string;
  /** How many of ours are one of theirs. */
  readonly per: number;
  readonly description: string;
}

/** A series, or a part of it: what it is called, and its numbers. */
interface Part {
  readonly name: string;
  readonly form: Form;
  readonly numbers: MetricNumbers;
  readonly attributes: Attributes;
}

/**
 * What one process has counted in a time. A window is only what came in its time, so sums and histograms are deltas;
 * gauges are their last number.
 */
export function resourceMetrics(captures: readonly CaptureView[], resource: Resource): ResourceMetrics {
  const metrics = new Map<string, MetricData>();
  for (const capture of captures) {
    const { metric: window } = capture;
    if (window === undefined || !isMetric(capture.kind)) continue;
    for (const part of partsOf(capture, capture.kind, window)) {
      const metric = metrics.get(part.name) ?? emptyMetric(part);
      metrics.set(part.name, metric);
      addPoint(metric, part, window);
    }
  }
  return { resource, scopeMetrics: [{ scope: SCOPE, metrics: [...metrics.values()] }] };
}

/** How many data points they are. */
export function pointsOf({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics.flatMap(({ metrics }) => metrics).reduce((sum, one) => sum + one.dataPoints.length, 0);
}

function partsOf(capture: CaptureView, kind: MetricKind, { series, failed = {} }: MetricWindow): Part[] {
  const form = FORMS[kind];
  const common = attributesOf(capture);
  const named = series.flatMap((one) => {
    const attributes = { ...common, ...attributesOfSeries(one) };
    const part = (suffix: string, numbers: MetricNumbers | undefined): Part[] =>
      numbers === undefined ? [] : [{ name: `dormouse.${kind}${suffix}`, form, numbers, attributes }];
    return [...part('', one), ...part('.running', one.running), ...part('.awaiting', one.awaiting)];
  });
  const failures = Object.entries(failed).map(([reason, count]): Part => ({
    name: 'dormouse.failed',
    form: { as: 'sum', unit: '{hit}', per: 1, description: 'Hits at which there was nothing to add.' },
    numbers: { count },
    attributes: { ...common, 'dormouse.reason': reason },
  }));
  return [...named, ...failures];
}

const attributesOfSeries = ({ key, other, outcome }: MetricSeries): Attributes => ({
  ...(key !== undefined && { 'dormouse.key': key }),
  ...(other === true && { 'dormouse.other_keys': true }),
  ...(outcome !== undefined && { 'dormouse.outcome': outcome }),
});

function emptyMetric({ name, form }: Part): MetricData {
  const { unit, description } = form;
  const descriptor = {
    name,
    unit,
    description,
    valueType: form.as === 'sum' ? ValueType.INT : ValueType.DOUBLE,
  };
  const common = { descriptor, aggregationTemporality: AggregationTemporality.DELTA, dataPoints: [] };
  switch (form.as) {
    case 'sum':
      return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true };
    case 'gauge':
      return { ...common, dataPointType: DataPointType.GAUGE };
    case 'histogram':
      return { ...common, dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM };
  }
}

function addPoint(metric: MetricData, { form, numbers, attributes }: Part, { from, to }: MetricWindow): void {
  const point = <Value>(value: Value): DataPoint<Value> => ({
    startTime: hrTime(from),
    endTime: hrTime(to),
    attributes,
    value,
  });
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      metric.dataPoints.push(point(numbers.count));
      break;
    case DataPointType.GAUGE:
      if (numbers.last !== undefined) metric.dataPoints.push(point(numbers.last / form.per));
      break;
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      metric.dataPoints.push(point(exponentialHistogram(numbers, form.per)));
      break;
  }
}
