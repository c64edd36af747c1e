import type { CaptureView, MetricWindow } from '@dormouse/protocol';

/** A capture with everything but its place in the order of arrival. */
export type ArrivedCapture = Omit<CaptureView, 'cursor'>;

export interface CaptureFilter {
  readonly probe?: string;
  readonly service?: string;
}

/** The order of arrival, or its reverse. */
export type CaptureOrder = 'oldest' | 'newest';

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
   * @returns the hits of every probe that has new ones
   */
  store(captures: readonly ArrivedCapture[]): Promise<Map<string, number>>;
  /** Captures beyond a cursor in the given order; without a cursor from its beginning. */
  list(
    filter: CaptureFilter,
    after: number | undefined,
    limit: number,
    order?: CaptureOrder,
  ): Promise<CaptureView[]>;
  find(id: string): Promise<CaptureView | undefined>;
  /** A metric's windows that arrived after a cursor, in the order of arrival. */
  windows(probe: string, after: number, limit: number): Promise<StoredWindow[]>;
}
