/**
 * Hits of a probe are counted up to here. A database has larger numbers and JavaScript has not: of a row with one of those
 * nobody could read anything any more, and what processes say of themselves may add up to it.
 */
export const MOST_HITS = Number.MAX_SAFE_INTEGER;
