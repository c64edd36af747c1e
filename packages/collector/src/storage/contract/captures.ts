import type { CaptureView, MetricWindow } from '@dormouse/protocol';

/** A capture with everything but its place in the order of arrival. */
export type ArrivedCapture = Omit<CaptureView, 'cursor'>;

export interface CaptureFilter {
  readonly probe?: string;
  readonly service?: string;
  /** Of the probes of this group. */
  readonly group?: string;
}

/** The same for somebody who may see some services. */
export interface LimitedFilter extends CaptureFilter {
  /** Of these services only. */
  readonly services?: readonly string[];
}

/** The order of arrival, or its reverse. */
export type CaptureOrder = 'oldest' | 'newest';

/** Where to read, and how much. Cursors are in the order asked for. */
export interface CaptureRange {
  /** Beyond this cursor; without it from the beginning. */
  readonly after?: number;
  /** Up to this cursor, and with it; without it to the end. */
  readonly until?: number;
  readonly limit: number;
  readonly order: CaptureOrder;
}

/** A capture as it is stored: JSON of an {@link ArrivedCapture}. */
export interface CaptureText {
  readonly cursor: number;
  readonly json: string;
}

/** How much is kept of something. */
export interface Kept {
  readonly count: number;
  readonly bytes: number;
  /** When the oldest arrived, ms since 1970. */
  readonly oldest?: number;
}

/** What a metric counted in one process for a time. */
export interface StoredWindow {
  readonly instance: string;
  readonly metric: MetricWindow;
  /** Its place in the order of arrival. */
  readonly cursor: number;
}

/** The evidence. Cursors are positive, grow in the order of arrival and are never used twice. */
export interface CaptureStore {
  /**
   * Stores what is not stored yet, and counts it as its probe's hits. A capture that is sent again has the
   * same `id` and `at`; it changes nothing.
   * @returns the hits of their probes, also of those without new ones: whoever counted them may have died before he could
   *   act on it
   */
  store(captures: readonly ArrivedCapture[]): Promise<Map<string, number>>;
  /** Captures beyond a cursor in the given order; without a cursor from its beginning. */
  list(
    filter: CaptureFilter,
    after: number | undefined,
    limit: number,
    order?: CaptureOrder,
  ): Promise<CaptureView[]>;
  /** The same, as it is stored: for those who look through many. */
  texts(filter: LimitedFilter, range: CaptureRange): Promise<CaptureText[]>;
  /** A cursor: what arrived since a moment, ms since 1970, has it or a later one; what arrived before has an earlier one. */
  firstSince(moment: number): Promise<number>;
  /** Captures of hits, and windows of metrics. */
  kept(): Promise<{ readonly captures: Kept; readonly windows: Kept }>;
  find(id: string): Promise<CaptureView | undefined>;
  /** A metric's windows that arrived after a cursor, in the order of arrival. */
  windows(probe: string, after: number, limit: number): Promise<StoredWindow[]>;
}
