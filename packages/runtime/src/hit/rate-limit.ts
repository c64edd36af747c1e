import { min } from '../intrinsics.js';

/** A token bucket that holds one second's worth, and at least one. */
export interface RateLimit {
  /** @returns whether there was one left at `now` (monotonic ms), which is then taken */
  take(now: number): boolean;
  giveBack(): void;
}

export function createRateLimit(perSecond: number): RateLimit {
  const capacity = Math.max(1, perSecond);
  let tokens = capacity;
  let filledAt = 0;
  return {
    take(now) {
      tokens = min(capacity, tokens + ((now - filledAt) * perSecond) / 1_000);
      filledAt = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    giveBack() {
      tokens = min(capacity, tokens + 1);
    },
  };
}
