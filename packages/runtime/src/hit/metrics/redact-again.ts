import { METRIC_LIMITS, type MetricSeries, type MetricWindow } from '@dormouse/protocol';
import { keyText } from './key.js';

/**
 * A window whose keys were made under other rules of redaction than those in force now. Keys that may not be shown any more
 * are among the others; series that then have the same name are added wherever windows are.
 * @param showsKeys whether the rules let the key be read at all
 */
export const redactAgain = (window: MetricWindow, showsKeys: boolean): MetricWindow => ({
  ...window,
  series: window.series.map((series) => underRules(series, showsKeys)),
});

function underRules({ key, ...series }: MetricSeries, showsKeys: boolean): MetricSeries {
  if (key === undefined) return series;
  // What is missing of a key that was cut may be what makes it a secret.
  const isWhole = key.length < METRIC_LIMITS.keyLength;
  const shown = showsKeys && isWhole ? keyText(key) : undefined;
  return shown === undefined ? { ...series, other: true } : { ...series, key: shown };
}
