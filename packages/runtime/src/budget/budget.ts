import type { BudgetReport, DropReason, ProcessLimits } from '@dormouse/protocol';
import { round } from '../intrinsics.js';
import { Breaker } from './breaker.js';
import { createBucket, type Bucket } from './bucket.js';
import { lowest } from './limits.js';

/** Time is counted over so many seconds: one expensive capture, or a first one whose code is cold, is no reason to pause. */
export const CPU_WINDOW_S = 10;

/** So many of the last ticks have to be late: one long task, say while the program loads, makes no pause. */
const LATE_TICKS = 5;
const TICKS = 10;

/**
 * The budget of one process (or worker thread), shared by its probes. The order on a hit:
 *
 *     if (budget.isPaused) …skipped         a field: a nanosecond, no clock
 *     condition
 *     budget.hits.take(now)                 for a hit that matches; `giveBack` where it is not captured after all
 *     capture, enqueue: budget.charge(now, size, bytesOfProbe)
 *     budget.spent(now, tookMs)             what the hit took, by the clock that it has read anyway
 */
export class ProcessBudget extends Breaker {
  readonly hits: Bucket;

  readonly #own: ProcessLimits;
  #limits: ProcessLimits;
  readonly #bytes: Bucket;
  readonly #cpuMs: Bucket;
  #late: boolean[] = [];
  #hitsOfLife = 0;
  #bytesOfLife = 0;
  #msOfLife = 0;

  /** @param limits those of the process itself, which nobody can raise */
  constructor(limits: ProcessLimits) {
    super();
    this.#own = limits;
    this.#limits = limits;
    this.hits = createBucket(limits.hitsPerSecond);
    this.#bytes = createBucket(limits.bytesPerSecond);
    this.#cpuMs = createBucket(limits.cpuShare * 1_000, CPU_WINDOW_S);
  }

  /** Those in force. */
  get limits(): ProcessLimits {
    return this.#limits;
  }

  /** Whether all is used up that the process may send in its life. */
  get isExhausted(): boolean {
    const { lifetimeHits, lifetimeBytes } = this.#limits;
    return this.#hitsOfLife >= lifetimeHits || this.#bytesOfLife >= lifetimeBytes;
  }

  report(): BudgetReport {
    const bounded = Object.entries(this.#limits).filter(([, limit]) => limit !== Infinity);
    return {
      limits: Object.fromEntries(bounded),
      spentMs: round(this.#msOfLife * 1_000) / 1_000,
      captures: this.#hitsOfLife,
      bytes: this.#bytesOfLife,
    };
  }

  /** Puts in force what a policy wants lower than the process has it. */
  lower(wanted: Partial<ProcessLimits>): void {
    this.#limits = lowest(this.#own, wanted);
    const { hitsPerSecond, bytesPerSecond, cpuShare } = this.#limits;
    this.hits.setRate(hitsPerSecond);
    this.#bytes.setRate(bytesPerSecond);
    this.#cpuMs.setRate(cpuShare * 1_000);
  }

  /**
   * Takes what a capture weighs, from its probe's bytes too.
   * @returns why there is no room for it, if there is none
   */
  charge(now: number, bytes: number, ofProbe: Bucket): DropReason | undefined {
    if (this.isExhausted) return 'lifetimeLimit';
    if (!ofProbe.take(now, bytes)) return 'rateLimitBytesProbe';
    if (!this.#bytes.take(now, bytes)) {
      ofProbe.giveBack(bytes);
      return 'rateLimitBytes';
    }
    this.#hitsOfLife++;
    this.#bytesOfLife += bytes;
    return undefined;
  }

  /** Main-thread time that went into probes; beyond the share all probes are paused. `now` is monotonic ms. */
  spent(now: number, tookMs: number): void {
    this.#msOfLife += tookMs;
    if (!this.#cpuMs.spend(now, tookMs)) this.trip('cpuBudget', now);
  }

  /**
   * For the tick. @param delayMs how late it comes: the event loop's delay, for nothing. A histogram of perf_hooks would
   * see more of it, for 0.2 to 0.4 % of a core while the process is idle, and nothing right after it was reset.
   */
  settle(now: number, delayMs: number): void {
    if (this.isPaused) {
      if (this.recover(now)) this.#startAfresh(now);
      return;
    }
    this.#late = [...this.#late, delayMs > this.#limits.loopDelayMs].slice(-TICKS);
    if (this.#late.filter(Boolean).length >= LATE_TICKS) this.trip('eventLoopDelay', now);
  }

  #startAfresh(now: number): void {
    this.#cpuMs.fill(now);
    this.#late = [];
  }
}
