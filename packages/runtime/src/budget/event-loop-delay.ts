import { monitorEventLoopDelay } from 'node:perf_hooks';
import { max } from '../intrinsics.js';

/**
 * How finely the loop is watched, ms. Measured while idle: every 10 ms takes 0.4 % of a core, every 20 ms 0.2 %, a timer
 * of our own twice as much. It is watched only while a probe is armed.
 */
const RESOLUTION_MS = 20;

export interface EventLoopDelay {
  /** The longest delay since the last call, ms. */
  take(): number;
  stop(): void;
}

/** Watches how late the event loop is. It does not keep the process alive. */
export function watchEventLoopDelay(): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return {
    take() {
      // It counts from one look at the loop to the next, ns.
      const longestMs = histogram.max / 1e6;
      histogram.reset();
      return max(0, longestMs - RESOLUTION_MS);
    },
    stop: () => void histogram.disable(),
  };
}
