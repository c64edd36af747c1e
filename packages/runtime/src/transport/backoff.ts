import { LIMITS } from '@dormouse/protocol';
import { random } from '../intrinsics.js';

/** Pauses between connection attempts: doubled each time, each between half and all of its length. */
export interface Backoff {
  /** The next pause, ms. */
  next(): number;
  reset(): void;
}

export function createBackoff(): Backoff {
  let ceiling: number = LIMITS.reconnectMinMs;
  return {
    next() {
      const pause = ceiling * (0.5 + random() / 2);
      ceiling = Math.min(ceiling * 2, LIMITS.reconnectMaxMs);
      return pause;
    },
    reset() {
      ceiling = LIMITS.reconnectMinMs;
    },
  };
}
