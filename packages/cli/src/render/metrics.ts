import type {
  CallOutcome,
  MetricFailure,
  MetricKind,
  MetricNumbersView,
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

/** A series, or behind it a part of its times. */
interface Row extends SeriesName, MetricNumbersView {
  readonly part?: 'running' | 'awaiting';
}

type RowColumn = Column<Row>;

/** A metric's figures so far, over all processes: one line for each series, and one about all of them. */
export function renderMetrics(metrics: MetricsView, style: Style): string {
  const { kind, series } = metrics;
  const columns = [
    ...(kind === 'duration' ? [OUTCOME] : []),
    ...(isDivided(series) ? [KEY] : []),
    COUNT,
    ...(hasParts(series) ? [PART] : []),
    ...COLUMNS[kind](metrics),
  ];
  return [
    ...(series.length === 0 ? [] : [renderTable(rowsOf(series), columns, style)]),
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
    COUNT,
    ...(hasParts(series) ? [PART] : []),
    ...(hasNumbers ? numbers : []),
  ];
  const table = renderTable(rowsOf(series), columns, { ...style, width: style.width - indent.length });
  return [...(table === '' ? [] : table.split('\n')), ...renderFailures(failed)].map((line) => indent + line);
}

/** What a window adds, in a few words: `1,204 hits`, `12 hits in 3 series`. */
export function windowGist({ series, failed = {} }: MetricWindow): string {
  const hits = series.reduce((sum, one) => sum + one.count, 0);
  const among = series.length > 1 ? ` in ${series.length} series` : '';
  return [count(hits, 'hit') + among, ...renderFailures(failed)].join(', ');
}

const rowsOf = (all: readonly (SeriesName & Times)[]): Row[] =>
  all.flatMap((series) => [
    series,
    ...(series.running === undefined ? [] : [{ ...series.running, part: 'running' as const }]),
    ...(series.awaiting === undefined ? [] : [{ ...series.awaiting, part: 'awaiting' as const }]),
  ]);

/** Numbers that may have parts. */
interface Times extends MetricNumbersView {
  readonly running?: MetricNumbersView;
  readonly awaiting?: MetricNumbersView;
}

const hasParts = (all: readonly Times[]): boolean => all.some(({ running }) => running !== undefined);

const isDivided = (series: readonly SeriesName[]): boolean =>
  series.some(({ key, other }) => key !== undefined || other === true);

const OUTCOME_WORDS: Readonly<Record<CallOutcome, string>> = {
  returned: 'returned',
  threw: 'threw',
  ended: 'ended unseen',
};

const OUTCOME: RowColumn = {
  header: 'CALLS',
  cell: ({ outcome }) => (outcome === undefined ? '' : OUTCOME_WORDS[outcome]),
};

const KEY: RowColumn = {
  header: 'KEY',
  cell: ({ key, other }) => (other ? '(others)' : (key ?? '')),
  cut: 'end',
};

const PART: RowColumn = { header: 'TIME', cell: ({ part = 'in all' }) => part };

const COLUMNS: Readonly<Record<MetricKind, (metrics: MetricsView) => readonly RowColumn[]>> = {
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

const distribution = (format: (number: number) => string): RowColumn[] => [
  numeric('MEAN', (one) => one.mean, format),
  numeric('MIN', (one) => one.min, format),
  numeric('P50', (one) => one.quantiles?.p50, format),
  numeric('P90', (one) => one.quantiles?.p90, format),
  numeric('P99', (one) => one.quantiles?.p99, format),
  numeric('MAX', (one) => one.max, format),
];

function numeric(
  header: string,
  read: (row: Row) => number | undefined,
  format: (number: number) => string,
): RowColumn {
  return {
    header,
    align: 'right',
    cell(row) {
      const number = read(row);
      return number === undefined ? '' : format(number);
    },
  };
}

const COUNT = numeric(
  'COUNT',
  ({ part, count: hits }) => (part === undefined ? hits : undefined),
  formatNumber,
);

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
