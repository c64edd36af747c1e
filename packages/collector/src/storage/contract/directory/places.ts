/** A node of the tree: everything → organisation → project → environment. */
export type PlaceId = number;

/** An environment is what is isolated from all others: its services, probes, captures. It is a place as well. */
export type EnvironmentId = PlaceId;

/** Everything that this collector, or those that share its database, knows. It has no parent and is never stored. */
export const EVERYWHERE: PlaceId = 0;

/** The environment that there is from the beginning, `default/default/default`. */
export const DEFAULT_ENVIRONMENT: EnvironmentId = 1;

/** An organisation, a project or an environment, by its depth. */
export interface StoredPlace {
  readonly id: PlaceId;
  readonly parent: PlaceId;
  /** Unlike its siblings'. */
  readonly name: string;
  /** ms since 1970. */
  readonly createdAt: number;
}

/** The tree. Ids are never used twice. */
export interface PlaceStore {
  /** All, those that were made first first. */
  list(): Promise<StoredPlace[]>;
  /** @returns nothing where a sibling has the name, or the parent is gone */
  create(parent: PlaceId, name: string): Promise<StoredPlace | undefined>;
  /** @returns whether it has the name now: not if a sibling has it, or the place is gone */
  rename(id: PlaceId, name: string): Promise<boolean>;
  /**
   * Deletes some places with the bindings, elevations and tokens that name them. What is remembered of those that are
   * environments is {@link PlaceStore.abandoned} from then on.
   */
  delete(ids: readonly PlaceId[], environments: readonly EnvironmentId[]): Promise<void>;
  /** Environments that were deleted and are still to be erased. */
  abandoned(): Promise<EnvironmentId[]>;
  /** An abandoned environment was erased. */
  forget(environment: EnvironmentId): Promise<void>;
}
