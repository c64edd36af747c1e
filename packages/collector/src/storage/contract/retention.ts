/** How long evidence is kept. */
export interface Retention {
  /** Captures of hits, the newest; older ones are deleted. */
  readonly captures: number;
  /** Windows of metrics, the newest. */
  readonly windows: number;
  /** Of captures of hits, the newest. */
  readonly bytes: number;
  /** Age of captures and of probes that have ended, time since processes and builds were last heard of, days. */
  readonly days: number;
}

export const DEFAULT_RETENTION: Retention = {
  captures: 100_000,
  windows: 300_000,
  bytes: 8 * 1_073_741_824,
  days: 7,
};

/** A database that several collectors share has room: only age counts. */
export const SHARED_RETENTION: Retention = {
  captures: Infinity,
  windows: Infinity,
  bytes: Infinity,
  days: 7,
};
