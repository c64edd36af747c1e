import type { CompiledExpression } from './expression.js';

/**
 * Figures that a process adds up itself and tells of once a second, however often the place is hit. Every window is
 * only what came in its time, so windows of any time and of any processes can be added.
 */

/**
 * - `counter`: how often; no number is read.
 * - `gauge`: the last, least, largest and mean of a number.
 * - `histogram`: the same, with its distribution.
 * - `duration`: how long a function's calls take, ms, as a histogram; those that return and those that throw apart, and of
 *   async functions the time that they run and the time that they wait.
 * - `tictoc`: how long it takes from one line to another, ms, as a histogram: from each tic to the next toc of the same
 *   call or request. A tic before the toc begins anew.
 */
export type MetricKind = 'counter' | 'gauge' | 'histogram' | 'duration' | 'tictoc';

export const METRIC_KINDS: readonly MetricKind[] = ['counter', 'gauge', 'histogram', 'duration', 'tictoc'];

/** What a metric reads, as a process is told. */
export interface MetricCommand {
  /** Gauges and histograms: the number. */
  readonly value?: CompiledExpression;
  /** A series for each of its values; tictocs read it at the toc. */
  readonly by?: CompiledExpression;
  /** Series that a window has at most; what comes after them is in one for all others. */
  readonly keys: number;
  /**
   * Durations of async functions: how many values the hook of each point passes, in index order. A call that goes on with
   * an error says so by its next line.
   */
  readonly passes?: readonly number[];
}

/** How calls ended; `ended`: in a way that could not be seen. */
export type CallOutcome = 'returned' | 'threw' | 'ended';

/** What is told apart: with neither of these, the only series. */
export interface SeriesName {
  /** A value of `by` as text, redacted. */
  readonly key?: string;
  /** The series of all keys that had no room. */
  readonly other?: true;
  /** Durations. */
  readonly outcome?: CallOutcome;
}

/** What is kept of some hits, and of their numbers: counters have none, gauges no distribution. */
export interface MetricNumbers {
  readonly count: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly last?: number;
  readonly sketch?: Sketch;
}

export interface MetricSeries extends SeriesName, MetricNumbers {
  /** Durations of async functions: of each call's time the part that it ran, and the part that it waited for what it awaits. */
  readonly running?: MetricNumbers;
  readonly awaiting?: MetricNumbers;
}

/** Hits at which there was nothing to add. */
export type MetricFailure =
  /** The number was none. */
  | 'notANumber'
  | 'notFinite'
  /** The key was none. */
  | 'notAKey'
  /** The number or key could not be read. */
  | 'error'
  /** A tic to which no toc came: its call ended, another tic came first, or it waited while there was no room for more. */
  | 'unfinished';

export interface MetricWindow {
  /** Wall clock of the process, ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly series: readonly MetricSeries[];
  readonly failed?: Partial<Record<MetricFailure, number>>;
}

/**
 * A distribution in bins of equal relative width, so that any quantile is known to {@link SKETCH_ACCURACY}: a DDSketch
 * (Masson, Rim, Lee: "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", VLDB 2019).
 * Bin `i` has the numbers over γ^(i-1) up to γ^i, where γ is (1 + accuracy) / (1 - accuracy); 2γ^i / (γ + 1) stands for
 * all of them. Sketches are added bin by bin.
 */
export interface Sketch {
  readonly zeros: number;
  /** Bins that are not empty, ascending: index, count, index, count, … */
  readonly positive: readonly number[];
  /** The same for negative numbers, by their magnitude. */
  readonly negative: readonly number[];
}

/** Relative error of a quantile. */
export const SKETCH_ACCURACY = 0.01;

/** Base of the bins. */
export const SKETCH_GAMMA = (1 + SKETCH_ACCURACY) / (1 - SKETCH_ACCURACY);

/**
 * Neighbouring bins of one sign, as in DDSketch: from a microsecond to fifty thousand years. Numbers below them are
 * counted in the lowest one.
 */
export const SKETCH_BINS = 2_048;

export const METRIC_LIMITS = {
  /** Time of a window, ms. */
  windowMs: 1_000,
  /** Series of one window: unless asked for otherwise, and at most. */
  keys: 50,
  maxKeys: 500,
  /** UTF-16 units of a key. */
  keyLength: 128,
  /** Tics of one probe and process that wait for their toc. When there are as many, those that wait longest go, after this time, ms. */
  openTics: 1_000,
  ticPatienceMs: 60_000,
  /** Failed readings in one window, after which no more is read until the next: an error costs as much as a thousand readings. */
  errorsPerWindow: 100,
  /** Numbers in the sketches of one capture; a window with more travels in several. */
  sketchNumbers: 16_384,
} as const;
