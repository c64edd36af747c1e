import { max, min } from '../intrinsics.js';

/** A token bucket that holds one second's worth. Times are monotonic ms. */
export interface Bucket {
  /** @returns whether there was as much at `now`, which is then taken */
  take(now: number, amount?: number): boolean;
  /** Takes what was used already, into debt if need be. @returns whether there was as much */
  spend(now: number, amount: number): boolean;
  giveBack(amount?: number): void;
  fill(now: number): void;
}

/** @param least what it holds at least, so that a rate below one a second still lets one through */
export function createBucket(perSecond: number, least = 1): Bucket {
  const capacity = max(least, perSecond);
  let tokens = capacity;
  let filledAt = 0;

  const refill = (now: number): void => {
    tokens = min(capacity, tokens + ((now - filledAt) * perSecond) / 1_000);
    filledAt = now;
  };

  return {
    take(now, amount = 1) {
      refill(now);
      if (tokens < amount) return false;
      tokens -= amount;
      return true;
    },
    spend(now, amount) {
      refill(now);
      tokens -= amount;
      return tokens >= 0;
    },
    giveBack(amount = 1) {
      tokens = min(capacity, tokens + amount);
    },
    fill(now) {
      tokens = capacity;
      filledAt = now;
    },
  };
}
