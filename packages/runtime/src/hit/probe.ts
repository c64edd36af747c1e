import type { DisarmCause, DropReason, ProbeCommand, ProbeReport, ProbeState } from '@dormouse/protocol';
import { destinationOf } from './destination.js';
import { Gate, type HitEnvironment } from './gate.js';
import { KINDS } from './kinds/index.js';
import type { Kind } from './kinds/kind.js';
import type { Plug } from './plug.js';

/** One probe in this process: its hooks, and where it stands. */
export class Probe {
  readonly command: ProbeCommand;
  readonly #gate: Gate;
  readonly #kind: Kind;

  /** @throws where one of the command's expressions is not valid */
  constructor(command: ProbeCommand, environment: HitEnvironment) {
    this.command = command;
    const enqueue = destinationOf(command, environment, (reason) => this.countDrop(reason));
    this.#gate = new Gate(command, { ...environment, enqueue });
    this.#kind = KINDS[command.kind](this.#gate);
  }

  get plugs(): readonly Plug[] {
    return this.#kind.plugs;
  }

  /** See {@link Kind.optionalPlugs}. */
  get optionalPlugs(): readonly Plug[] {
    return this.#kind.optionalPlugs ?? [];
  }

  /** What the same probe is told later: only its limits and its callers may be others. */
  update({ limits, callers }: ProbeCommand): void {
    this.#gate.limit(limits);
    if (callers !== undefined) this.#kind.addCallers?.(callers.functions);
  }

  get state(): ProbeState {
    return this.#gate.account.state;
  }

  get cause(): DisarmCause | undefined {
    return this.#gate.account.cause;
  }

  /** See {@link Gate.mayGoOn}. */
  get mayGoOn(): boolean {
    return this.#gate.mayGoOn;
  }

  arm(): void {
    this.#gate.arm();
  }

  /** @param message one sentence for a person: what it waits for */
  wait(message: string): void {
    this.#gate.wait(message);
  }

  /** @param message one sentence for a person: what went wrong and what to do */
  disarm(cause: DisarmCause, message?: string): void {
    this.#gate.disarm(cause, message);
    this.flush();
  }

  /** What hits leave undone, and what only time brings about. */
  settle(): void {
    this.#gate.follow(() => this.#kind.settle?.());
    this.#gate.settle();
    if (this.state === 'disarmed') this.flush();
  }

  /** Ships what it still holds. */
  flush(): void {
    this.#gate.follow(() => this.#kind.flush?.());
  }

  /** Counts a capture that was queued and then lost. */
  countDrop(reason: DropReason): void {
    this.#gate.account.dropped[reason]++;
  }

  report(): ProbeReport {
    return { ...this.#gate.report(), ...this.#kind.report?.() };
  }
}
