import { max, min } from '../intrinsics.js';

/** A token bucket. Times are monotonic ms. */
export interface Bucket {
  /** @returns whether there was as much at `now`, which is then taken */
  take(now: number, amount?: number): boolean;
  /** Takes what was used already, into debt if need be. @returns whether there was as much */
  spend(now: number, amount: number): boolean;
  giveBack(amount?: number): void;
  fill(now: number): void;
  /** Another rate from now on; what it holds beyond that is gone. */
  setRate(perSecond: number): void;
}

/** @param seconds it holds what comes in so many seconds, and at least one */
export function createBucket(perSecond: number, seconds = 1): Bucket {
  let rate = perSecond;
  let capacity = max(1, rate * seconds);
  let tokens = capacity;
  let filledAt = 0;

  const refill = (now: number): void => {
    tokens = min(capacity, tokens + ((now - filledAt) * rate) / 1_000);
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
    setRate(next) {
      rate = next;
      capacity = max(1, rate * seconds);
      tokens = min(capacity, tokens);
    },
  };
}
