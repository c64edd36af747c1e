import { min, wallClockMs } from '../intrinsics.js';
import { createBucket, type Bucket } from './bucket.js';
import type { BudgetLimits } from './limits.js';

export type PauseCause = 'cpuBudget' | 'eventLoopDelay';

/** All probes rest. Times are the wall clock's, ms since 1970. */
export interface Pause {
  readonly cause: PauseCause;
  readonly since: number;
  readonly until: number;
}

/**
 * The budget of one process (or worker thread), shared by its probes. The order on a hit:
 *
 *     if (budget.isPaused) …skipped         a field: a nanosecond, no clock
 *     condition
 *     budget.hits.take(now)                 for a hit that matches; `giveBack` where it is not captured after all
 *     capture, enqueue: budget.bytes.take(now, size)
 *     budget.spent(now, tookMs)             what the hit took, by the clock that it has read anyway
 */
export interface ProcessBudget {
  readonly isPaused: boolean;
  readonly hits: Bucket;
  readonly bytes: Bucket;
  /** Main-thread time that went into probes; beyond the share all probes are paused. `now` is monotonic ms. */
  spent(now: number, tookMs: number): void;
  /**
   * For the tick. @param delayMs how late it comes: the event loop's delay, for nothing. A histogram of perf_hooks would
   * see more of it, for 0.2 to 0.4 % of a core while the process is idle, and nothing right after it was reset.
   */
  settle(now: number, delayMs: number): void;
  /** The pause that lasts now, for status. */
  state(): Pause | undefined;
}

/** A pause's length, ms: doubled by each that follows within {@link CALM_MS} of the last. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const CALM_MS = 60_000;

/** So many of the last ticks have to be late: one long task, say while the program loads, makes no pause. */
const LATE_TICKS = 5;
const TICKS = 10;

export function createBudget(limits: BudgetLimits): ProcessBudget {
  const cpuMs = createBucket(limits.cpuShare * 1_000, 0);
  let late: boolean[] = [];
  let pause: Pause | undefined;
  let pauseEndsAt = Number.NEGATIVE_INFINITY;
  let pauseMs = FIRST_PAUSE_MS;

  function start(cause: PauseCause, now: number): void {
    if (pause !== undefined) return;
    const isCalm = now - pauseEndsAt > CALM_MS;
    pauseMs = isCalm ? FIRST_PAUSE_MS : min(pauseMs * 2, LONGEST_PAUSE_MS);
    pauseEndsAt = now + pauseMs;
    const since = wallClockMs();
    pause = { cause, since, until: since + pauseMs };
  }

  function end(now: number): void {
    pause = undefined;
    cpuMs.fill(now);
    late = [];
  }

  return {
    get isPaused() {
      return pause !== undefined;
    },
    hits: createBucket(limits.hitsPerSecond),
    bytes: createBucket(limits.bytesPerSecond),

    spent(now, tookMs) {
      if (!cpuMs.spend(now, tookMs)) start('cpuBudget', now);
    },

    settle(now, delayMs) {
      if (pause !== undefined) {
        if (now >= pauseEndsAt) end(now);
        return;
      }
      if (limits.loopDelayMs === 0) return;
      late = [...late, delayMs > limits.loopDelayMs].slice(-TICKS);
      if (late.filter(Boolean).length >= LATE_TICKS) start('eventLoopDelay', now);
    },

    state: () => pause,
  };
}
