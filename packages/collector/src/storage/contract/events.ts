import type { CaptureView } from '@dormouse/protocol';
import type { CaptureFilter } from './captures.js';
import type { StoredProbe } from './probes.js';

/**
 * Arriving captures and changing probes, in one order. Whoever has read up to a cursor has missed nothing
 * before it, however many write at the same time.
 */
export interface EventLog {
  /** The next events of each kind after a cursor, at most `limit` of each, as they were at one moment. */
  after(
    cursor: number,
    filter: CaptureFilter,
    limit: number,
  ): Promise<{ readonly captures: CaptureView[]; readonly probes: StoredProbe[] }>;
  /** The cursor of the last event; 0 before the first. */
  last(): Promise<number>;
}
