import { LIMITS } from '@dormouse/protocol';

/** What probes may take of one process, whatever the collector wants. */
export interface BudgetLimits {
  /** Captures per second. */
  readonly hitsPerSecond: number;
  /** Bytes of captures per second. */
  readonly bytesPerSecond: number;
  /** Share of the main thread's time, 0 to 1, over about ten seconds. */
  readonly cpuShare: number;
  /** Delay of the event loop that pauses all probes when it is the usual one, ms; 0: none does. */
  readonly loopDelayMs: number;
}

export const DEFAULT_BUDGET: BudgetLimits = {
  hitsPerSecond: LIMITS.hitsPerSecondPerProcess,
  bytesPerSecond: LIMITS.bytesPerSecondPerProcess,
  cpuShare: LIMITS.cpuShare,
  loopDelayMs: LIMITS.loopDelayMs,
};
