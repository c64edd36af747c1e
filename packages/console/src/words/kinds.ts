import { METRIC_KINDS, type ProbeKind } from '@dormouse/protocol';

/** The colour a kind of probe has everywhere. */
export type KindTone = 'snapshot' | 'log' | 'check' | 'metric' | 'path' | 'span';

export function toneOf(kind: ProbeKind): KindTone {
  if (isMetric(kind)) return 'metric';
  if (kind === 'span' || kind === 'tag') return 'span';
  return kind as KindTone;
}

/** Whether a probe's captures are windows of what was added up. */
export const isMetric = (kind: ProbeKind): boolean => (METRIC_KINDS as readonly ProbeKind[]).includes(kind);
