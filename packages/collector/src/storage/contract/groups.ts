/** A debug session: its probes live and end together. Times are ms since 1970. */
export interface StoredGroup {
  readonly id: string;
  readonly name: string;
  readonly owner?: string;
  /** Who made it, see {@link Onlooker}. */
  readonly createdBy?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** When somebody ended it; one that expires needs nobody. */
  readonly endedAt?: number;
}

/** Somebody who may see some services. */
export interface Onlooker {
  /** Who it is, to tell by whom a group was made. */
  readonly who: string;
  readonly services: readonly string[];
}

export interface GroupStore {
  /** Stores a group in place of the one of the same id. */
  save(group: StoredGroup): Promise<void>;
  find(id: string): Promise<StoredGroup | undefined>;
  /**
   * Newest first.
   * @param state as it is at a time, ms since 1970; without it, any
   * @param onlooker only groups with probes of their services, and those that they made
   */
  list(
    limit: number,
    state?: { readonly is: 'active' | 'ended'; readonly at: number },
    onlooker?: Onlooker,
  ): Promise<StoredGroup[]>;
}
