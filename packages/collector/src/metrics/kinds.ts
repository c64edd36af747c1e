import { METRIC_KINDS, type MetricKind, type ProbeKind } from '@dormouse/protocol';

export const isMetric = (kind: ProbeKind): kind is MetricKind =>
  (METRIC_KINDS as readonly ProbeKind[]).includes(kind);
