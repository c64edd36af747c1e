export const DAY_MS = 86_400_000;

/** After so many days the first one's place is used again. */
export const DAYS = 32;

/**
 * The day of a hit in its process's own time, as one of {@link DAYS}: whatever that clock says, it is the same when
 * the capture is sent again. PostgreSQL has a partition for each.
 */
export const dayOf = (at: number): number => Math.floor(at / DAY_MS) % DAYS;
