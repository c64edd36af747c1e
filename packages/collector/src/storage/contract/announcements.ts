/** What collectors tell each other: of what something has changed. What it is, each reads from the storage. */
export const TOPICS = ['probes', 'policies', 'agents', 'builds'] as const;

export type Topic = (typeof TOPICS)[number];

/** The other collectors on the same storage, if it is for several. */
export interface Announcements {
  /** Whether there can be others. */
  readonly isShared: boolean;
  /**
   * Calls `hear` soon after another collector has changed something; of every topic when some may have been
   * missed. It may also never be called: whoever must know looks now and then.
   * @returns how to stop
   */
  listen(hear: (topic: Topic) => void): Promise<() => Promise<void>>;
}
