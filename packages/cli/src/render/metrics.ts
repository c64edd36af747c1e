import type {
  CallOutcome,
  MetricFailure,
  MetricKind,
  MetricSeriesView,
  MetricsView,
  MetricWindow,
  SeriesName,
} from '@dormouse/protocol';

import { formatMs, formatNumber } from './number.js';
import type { Style } from './style.js';
import { renderTable, type Column } from './table.js';
import { count } from './text.js';
import { formatDuration } from './time.js';
import { inWords, METRIC_FAILURE_WORDS } from './words.js';

type SeriesColumn = Column<MetricSeriesView>;

/** A metric's figures so far, over all processes: one line for each series, and one about all of them. */
export function renderMetrics(metrics: MetricsView, style: Style): string {
  const { kind, series } = metrics;
  const columns = [
    ...(kind === 'duration' ? [OUTCOME] : []),
    ...(isDivided(series) ? [KEY] : []),
    numeric('COUNT', (one) => one.count, formatNumber),
    ...COLUMNS[kind](metrics),
  ];
  return [
    ...(series.length === 0 ? [] : [renderTable(series, columns, style)]),
    style.colors.dim(renderFacts(metrics)),
  ].join('\n');
}

/** The figures of one window, indented. */
export function renderWindow({ series, failed = {} }: MetricWindow, style: Style, indent: string): string[] {
  const hasNumbers = series.some(({ sum }) => sum !== undefined);
  const hasOutcomes = series.some(({ outcome }) => outcome !== undefined);
  const numbers = [
    numeric('SUM', (one) => one.sum, formatNumber),
    numeric('MIN', (one) => one.min, formatNumber),
    numeric('MAX', (one) => one.max, formatNumber),
    numeric('LAST', (one) => one.last, formatNumber),
  ];
  const columns = [
    ...(hasOutcomes ? [OUTCOME] : []),
    ...(isDivided(series) ? [KEY] : []),
    numeric('COUNT', (one) => one.count, formatNumber),
    ...(hasNumbers ? numbers : []),
  ];
  const table = renderTable(series, columns, { ...style, width: style.width - indent.length });
  return [...(table === '' ? [] : table.split('\n')), ...renderFailures(failed)].map((line) => indent + line);
}

/** What a window adds, in a few words: `1,204 hits`, `12 hits in 3 series`. */
export function windowGist({ series, failed = {} }: MetricWindow): string {
  const hits = series.reduce((sum, one) => sum + one.count, 0);
  const among = series.length > 1 ? ` in ${series.length} series` : '';
  return [count(hits, 'hit') + among, ...renderFailures(failed)].join(', ');
}

const isDivided = (series: readonly SeriesName[]): boolean =>
  series.some(({ key, other }) => key !== undefined || other === true);

const OUTCOME_WORDS: Readonly<Record<CallOutcome, string>> = {
  returned: 'returned',
  threw: 'threw',
  ended: 'ended unseen',
};

const OUTCOME: SeriesColumn = {
  header: 'CALLS',
  cell: ({ outcome }) => (outcome === undefined ? '' : OUTCOME_WORDS[outcome]),
};

const KEY: SeriesColumn = {
  header: 'KEY',
  cell: ({ key, other }) => (other ? '(others)' : (key ?? '')),
  cut: 'end',
};

const COLUMNS: Readonly<Record<MetricKind, (metrics: MetricsView) => readonly SeriesColumn[]>> = {
  counter: (metrics) => [
    numeric('PER SECOND', (one) => one.count / Math.max(1, spanOf(metrics) / 1_000), formatNumber),
  ],
  gauge: () => [
    numeric('LAST', (one) => one.last, formatNumber),
    numeric('MEAN', (one) => one.mean, formatNumber),
    numeric('MIN', (one) => one.min, formatNumber),
    numeric('MAX', (one) => one.max, formatNumber),
  ],
  histogram: () => distribution(formatNumber),
  duration: () => distribution(formatMs),
  tictoc: () => distribution(formatMs),
};

const distribution = (format: (number: number) => string): SeriesColumn[] => [
  numeric('MEAN', (one) => one.mean, format),
  numeric('MIN', (one) => one.min, format),
  numeric('P50', (one) => one.quantiles?.p50, format),
  numeric('P90', (one) => one.quantiles?.p90, format),
  numeric('P99', (one) => one.quantiles?.p99, format),
  numeric('MAX', (one) => one.max, format),
];

function numeric(
  header: string,
  read: (series: MetricSeriesView) => number | undefined,
  format: (number: number) => string,
): SeriesColumn {
  return {
    header,
    align: 'right',
    cell(series) {
      const number = read(series);
      return number === undefined ? '' : format(number);
    },
  };
}

const spanOf = ({ from = 0, to = 0 }: MetricsView): number => to - from;

function renderFacts(metrics: MetricsView): string {
  const { windows, instances, failed } = metrics;
  if (windows === 0) return 'No hits yet.';
  const span = `over ${formatDuration(Math.max(1_000, spanOf(metrics)))}`;
  return [span, count(instances.length, 'process', 'processes'), ...renderFailures(failed)].join(' · ');
}

function renderFailures(failed: Partial<Record<MetricFailure, number>>): string[] {
  return Object.entries(failed).map(
    ([failure, hits]) => `${count(hits, 'hit')} without: ${inWords(METRIC_FAILURE_WORDS, failure)}`,
  );
}
