/** A debug session: its probes live and end together. Times are ms since 1970. */
export interface StoredGroup {
  readonly id: string;
  readonly name: string;
  readonly owner?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** When somebody ended it; one that expires needs nobody. */
  readonly endedAt?: number;
}

export interface GroupStore {
  /** Stores a group in place of the one of the same id. */
  save(group: StoredGroup): Promise<void>;
  find(id: string): Promise<StoredGroup | undefined>;
  /**
   * Newest first.
   * @param state as it is at a time, ms since 1970; without it, any
   */
  list(
    limit: number,
    state?: { readonly is: 'active' | 'ended'; readonly at: number },
  ): Promise<StoredGroup[]>;
}
