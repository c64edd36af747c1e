import { LIMITS, type DisarmCause, type PauseCause, type ProbeReport } from '@dormouse/protocol';

/** Causes by which a probe ends in a process as it should. */
const ORDERLY: ReadonlySet<DisarmCause | undefined> = new Set(['removed', 'expired', 'hitLimit', 'verdict']);

/** Pauses that the probe, or all probes of the process, have brought about: trying it out is over. */
const OVER_BUDGET: ReadonlySet<PauseCause | undefined> = new Set(['probeCpuBudget', 'cpuBudget']);

/** What went wrong in a process is heard of so much later, ms. */
const HEARD_WITHIN_MS = LIMITS.statusMs + LIMITS.flushMs;

/**
 * One process tries a probe out. The others follow once it has had it for a time without trouble: a failure, a condition
 * that fails, or a pause of the process. Trouble makes the time begin anew; where the probes took too much of the process, there
 * is nothing more to try out.
 */
export class Canary {
  /** Time without hearing of trouble. */
  readonly #quietMs: number;
  readonly #onQuiet: () => void;
  #instance: string | undefined;
  /** ms since 1970; none while the process does not try the probe out. */
  #quietSince: number | undefined;
  #failures = 0;
  #trouble: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param onQuiet called once, when the others may follow */
  constructor(quietMs: number, onQuiet: () => void) {
    this.#quietMs = quietMs + HEARD_WITHIN_MS;
    this.#onQuiet = onQuiet;
  }

  /** When the others follow, ms since 1970, unless there is trouble. */
  get endsAt(): number | undefined {
    return this.#quietSince === undefined ? undefined : this.#quietSince + this.#quietMs;
  }

  /** The last trouble, in words. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** @returns the one of the processes that has the probe, and keeps it for as long as it is there */
  choose(instances: readonly string[]): readonly string[] {
    if (this.#instance === undefined || !instances.includes(this.#instance)) this.#begin(instances[0]);
    return instances.filter((instance) => instance === this.#instance);
  }

  /**
   * What a process says of the probe.
   * @returns whether it took too much of the process that tries it out
   */
  hear(instance: string, report: ProbeReport): boolean {
    if (instance !== this.#instance || report.state === 'received') return false;
    const trouble = this.#troubleIn(report);
    this.#trouble = trouble ?? this.#trouble;
    if (!isTryingOut(report)) this.#wait();
    else if (trouble !== undefined || this.#quietSince === undefined) this.#startQuiet();
    return OVER_BUDGET.has(report.pause?.cause);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #begin(instance: string | undefined): void {
    this.#instance = instance;
    this.#failures = 0;
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#quietSince = undefined;
  }

  #startQuiet(): void {
    clearTimeout(this.#timer);
    this.#quietSince = Date.now();
    this.#timer = setTimeout(this.#onQuiet, this.#quietMs).unref();
  }

  #troubleIn({ state, cause, message, pause, skipped, check }: ProbeReport): string | undefined {
    if (state === 'disarmed' && !ORDERLY.has(cause)) return message ?? `It ended by ${cause}.`;
    if (pause !== undefined) return `It was paused: ${pause.cause}.`;
    const failures = (skipped.conditionError ?? 0) + (check?.failed ?? 0);
    const isNew = failures > this.#failures;
    this.#failures = failures;
    return isNew ? (message ?? 'Its condition failed.') : undefined;
  }
}

/** Or has had all that it was to have. */
const isTryingOut = ({ state, cause, pause }: ProbeReport): boolean =>
  pause === undefined && (state === 'armed' || ORDERLY.has(cause));
