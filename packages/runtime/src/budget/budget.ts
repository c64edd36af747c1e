import type { Pause, PauseCause } from '@dormouse/protocol';
import { min, wallClockMs } from '../intrinsics.js';
import { createBucket, type Bucket } from './bucket.js';
import type { BudgetLimits } from './limits.js';

/** Time is counted over so many seconds: one expensive capture, or a first one whose code is cold, is no reason to pause. */
const CPU_WINDOW_S = 10;

/** A pause's length, ms: doubled by each that follows within {@link CALM_MS} of the last. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const CALM_MS = 60_000;

/** So many of the last ticks have to be late: one long task, say while the program loads, makes no pause. */
const LATE_TICKS = 5;
const TICKS = 10;

/**
 * The budget of one process (or worker thread), shared by its probes. The order on a hit:
 *
 *     if (budget.isPaused) …skipped         a field: a nanosecond, no clock
 *     condition
 *     budget.hits.take(now)                 for a hit that matches; `giveBack` where it is not captured after all
 *     capture, enqueue: budget.bytes.take(now, size)
 *     budget.spent(now, tookMs)             what the hit took, by the clock that it has read anyway
 */
export class ProcessBudget {
  /** A field: every hit reads it. */
  isPaused = false;
  readonly hits: Bucket;
  readonly bytes: Bucket;

  readonly #limits: BudgetLimits;
  readonly #cpuMs: Bucket;
  #late: boolean[] = [];
  #pause: Pause | undefined;
  #pauseEndsAt = Number.NEGATIVE_INFINITY;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
    this.hits = createBucket(limits.hitsPerSecond);
    this.bytes = createBucket(limits.bytesPerSecond);
    this.#cpuMs = createBucket(limits.cpuShare * 1_000, CPU_WINDOW_S);
  }

  /** Main-thread time that went into probes; beyond the share all probes are paused. `now` is monotonic ms. */
  spent(now: number, tookMs: number): void {
    if (!this.#cpuMs.spend(now, tookMs)) this.#start('cpuBudget', now);
  }

  /**
   * For the tick. @param delayMs how late it comes: the event loop's delay, for nothing. A histogram of perf_hooks would
   * see more of it, for 0.2 to 0.4 % of a core while the process is idle, and nothing right after it was reset.
   */
  settle(now: number, delayMs: number): void {
    if (this.isPaused) {
      if (now >= this.#pauseEndsAt) this.#end(now);
      return;
    }
    const { loopDelayMs } = this.#limits;
    if (loopDelayMs === 0) return;
    this.#late = [...this.#late, delayMs > loopDelayMs].slice(-TICKS);
    if (this.#late.filter(Boolean).length >= LATE_TICKS) this.#start('eventLoopDelay', now);
  }

  /** The pause that lasts now, for status. */
  get pause(): Pause | undefined {
    return this.#pause;
  }

  #start(cause: PauseCause, now: number): void {
    if (this.isPaused) return;
    const isCalm = now - this.#pauseEndsAt > CALM_MS;
    this.#pauseMs = isCalm ? FIRST_PAUSE_MS : min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#pauseEndsAt = now + this.#pauseMs;
    const since = wallClockMs();
    this.#pause = { cause, since, until: since + this.#pauseMs };
    this.isPaused = true;
  }

  #end(now: number): void {
    this.isPaused = false;
    this.#pause = undefined;
    this.#cpuMs.fill(now);
    this.#late = [];
  }
}
