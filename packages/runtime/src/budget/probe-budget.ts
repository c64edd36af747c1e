import type { ProcessLimits } from '@dormouse/protocol';
import { Breaker } from './breaker.js';
import { createBucket, type Bucket } from './bucket.js';
import { CPU_WINDOW_S, type ProcessBudget } from './budget.js';

/** What one probe may take of that which all may: there is room for others, and it pauses before they have to. */
const PART = 0.5;

/** The budget of one probe, by which it spends its process's. How many hits it may show is a matter of its own limits. */
export class ProbeBudget extends Breaker {
  readonly bytes: Bucket;

  readonly #process: ProcessBudget;
  readonly #cpuMs: Bucket;
  /** Those of the process that its own were taken from. */
  #limits: ProcessLimits;

  constructor(process: ProcessBudget) {
    super();
    this.#process = process;
    this.#limits = process.limits;
    this.bytes = createBucket(bytesPerSecond(this.#limits));
    this.#cpuMs = createBucket(cpuMsPerSecond(this.#limits), CPU_WINDOW_S);
  }

  /** Main-thread time that went into the probe; beyond its share it is paused, and before that all may be. */
  spent(now: number, tookMs: number): void {
    this.#process.spent(now, tookMs);
    if (!this.#cpuMs.spend(now, tookMs)) this.trip('probeCpuBudget', now);
  }

  /** For the tick. */
  settle(now: number): void {
    if (this.recover(now)) this.#cpuMs.fill(now);
    if (this.#limits !== this.#process.limits) this.#follow(this.#process.limits);
  }

  #follow(limits: ProcessLimits): void {
    this.#limits = limits;
    this.bytes.setRate(bytesPerSecond(limits));
    this.#cpuMs.setRate(cpuMsPerSecond(limits));
  }
}

const bytesPerSecond = (limits: ProcessLimits): number => limits.bytesPerSecond * PART;

/** Where all of the main thread may be taken, one probe may take it. */
const cpuMsPerSecond = ({ cpuShare }: ProcessLimits): number =>
  (cpuShare < 1 ? cpuShare * PART : cpuShare) * 1_000;
