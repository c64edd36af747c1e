import type { DisarmCause, ProbeReport } from '@dormouse/protocol';

/** Causes by which a probe ends in a process as it should. */
const ORDERLY: ReadonlySet<DisarmCause | undefined> = new Set(['removed', 'expired', 'hitLimit', 'verdict']);

/**
 * One process tries a probe out. The others follow once it has had it for a time without trouble: a failure, a condition
 * that fails, or a pause of the process. Trouble makes the time begin anew.
 */
export class Canary {
  readonly #quietMs: number;
  readonly #onQuiet: () => void;
  #instance: string | undefined;
  /** ms since 1970; while the process has not armed the probe, none. */
  #quietSince: number | undefined;
  #failures = 0;
  #trouble: string | undefined;
  #isThrough = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param onQuiet called once, when the others may follow */
  constructor(quietMs: number, onQuiet: () => void) {
    this.#quietMs = quietMs;
    this.#onQuiet = onQuiet;
  }

  get isThrough(): boolean {
    return this.#isThrough;
  }

  /** When the others follow, ms since 1970, unless there is trouble. */
  get endsAt(): number | undefined {
    return this.#quietSince === undefined ? undefined : this.#quietSince + this.#quietMs;
  }

  /** The last trouble, in words. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** @returns those of the processes that have the probe: one that stays, or all */
  choose(instances: readonly string[]): readonly string[] {
    if (this.#isThrough) return instances;
    if (this.#instance === undefined || !instances.includes(this.#instance)) this.#begin(instances[0]);
    return instances.filter((instance) => instance === this.#instance);
  }

  /** What a process says of the probe. */
  hear(instance: string, report: ProbeReport): void {
    if (this.#isThrough || instance !== this.#instance || report.state === 'received') return;
    const trouble = this.#troubleIn(report);
    this.#trouble = trouble ?? this.#trouble;
    if (trouble !== undefined || this.#quietSince === undefined) this.#startQuiet();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #begin(instance: string | undefined): void {
    clearTimeout(this.#timer);
    this.#instance = instance;
    this.#quietSince = undefined;
    this.#failures = 0;
  }

  #startQuiet(): void {
    clearTimeout(this.#timer);
    this.#quietSince = Date.now();
    this.#timer = setTimeout(() => {
      this.#isThrough = true;
      this.#onQuiet();
    }, this.#quietMs).unref();
  }

  #troubleIn({ state, cause, message, pause, skipped, check }: ProbeReport): string | undefined {
    if (state === 'disarmed' && !ORDERLY.has(cause)) return message ?? `It ended by ${cause}.`;
    if (pause !== undefined) return `The process paused its probes: ${pause.cause}.`;
    const failures = (skipped.conditionError ?? 0) + (check?.failed ?? 0);
    const isNew = failures > this.#failures;
    this.#failures = failures;
    return isNew ? (message ?? 'Its condition failed.') : undefined;
  }
}
