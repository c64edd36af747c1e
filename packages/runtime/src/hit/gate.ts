import {
  LIMITS,
  type Capture,
  type DisarmCause,
  type DropReason,
  type ProbeCommand,
  type ProbeLimits,
  type ProbeReport,
  type SkipReason,
} from '@dormouse/protocol';
import { type Bucket, createBucket } from '../budget/bucket.js';
import type { ProcessBudget } from '../budget/budget.js';
import { ProbeBudget } from '../budget/probe-budget.js';
import { SAMPLED_HITS, SampledCost } from '../budget/sampled-cost.js';
import { isRequest } from '../context/current.js';
import { wantContext } from '../context/slot.js';
import { monotonicMs, round, wallClockMs } from '../intrinsics.js';
import { type Account, openAccount, report } from './account.js';
import { correlate, needsContext } from './correlation.js';
import { errorText } from './error-text.js';
import type { Below, Evidence, TakeEvidence } from './evidence.js';
import { fillFrame, layOutFrame, type Frame, type FrameLayout } from './frame.js';
import { compileProgram, type Program } from './program.js';

/** What the probes of one process share. */
export interface HitEnvironment {
  /** Of the process, over all probes. */
  readonly budget: ProcessBudget;
  /** A new capture's id. */
  nextCaptureId(): string;
  /** Queues a capture; what it returns is why it could not. @param bytesOfProbe a second */
  enqueue(capture: Capture, bytesOfProbe: Bucket, bytes?: number): DropReason | undefined;
}

/** Conditions and captures run none of the program's code. Should a patched built-in run it all the same, its hits are none. */
let hitInProgress = false;

/**
 * What every hit of one probe passes on its way, whatever the probe does with it, and the account of all hits:
 * still armed? → paused? → request → condition → expiry → rate → capture, redacted while walking → enqueue.
 * Nothing that happens on a hit can throw into the program.
 */
export class Gate {
  readonly command: ProbeCommand;
  readonly layout: FrameLayout;
  readonly account: Account = openAccount();

  readonly #environment: HitEnvironment;
  readonly #budget: ProbeBudget;
  readonly #condition: Program | undefined;
  readonly #rate: Bucket;
  #limits: ProbeLimits;
  #expiresAt: number;
  readonly #untimed = new SampledCost();
  /** Hits whose time was taken. */
  #timed = 0;
  /** Kill switch of every hit: true only while armed. */
  #live = false;
  #releaseContext: (() => void) | undefined;
  /** Monotonic ms until which the probe rests because its condition failed; 0 unless it did. */
  #restsUntil = 0;
  /** What a hit threw, kept for {@link settle}: the stack may have no room for more at that moment. */
  #failure: { readonly thrown: unknown } | undefined;

  /** @throws where the command's condition is not valid */
  constructor(command: ProbeCommand, environment: HitEnvironment) {
    const layout = layOutFrame(command.place, command.kind === 'span' ? 'end' : undefined);
    this.command = command;
    this.layout = layout;
    this.#environment = environment;
    this.#budget = new ProbeBudget(environment.budget);
    this.#condition = command.condition && compileProgram(command.condition, layout);
    this.#limits = command.limits;
    this.#rate = createBucket(command.limits.hitsPerSecond);
    this.#expiresAt = monotonicMs() + command.limits.expiresInMs;
  }

  /** Whether it has shown as many hits as it may. */
  get isSpent(): boolean {
    return this.account.captured >= this.#limits.hits;
  }

  /** Whether it ended for want of time or hits, and may go on now. Only {@link limit} gives it more. */
  get mayGoOn(): boolean {
    const { cause } = this.account;
    return cause === 'hitLimit' ? !this.isSpent : cause === 'expired' && monotonicMs() < this.#expiresAt;
  }

  /** Other limits from now on. */
  limit(limits: ProbeLimits): void {
    if (limits.hitsPerSecond !== this.#limits.hitsPerSecond) this.#rate.setRate(limits.hitsPerSecond);
    this.#limits = limits;
    this.#expiresAt = monotonicMs() + limits.expiresInMs;
  }

  arm(): void {
    this.account.state = 'armed';
    this.account.cause = undefined;
    this.account.message = undefined;
    if (needsContext(this.command)) this.#releaseContext ??= wantContext();
    this.#live = true;
  }

  /** @param message one sentence for a person: what it waits for */
  wait(message: string): void {
    this.#rest();
    this.account.state = 'received';
    this.account.message = message;
  }

  /** @param message one sentence for a person: what went wrong and what to do */
  disarm(cause: DisarmCause, message?: string): void {
    this.#rest();
    this.account.state = 'disarmed';
    this.account.cause = cause;
    if (message !== undefined) this.account.message = message;
  }

  /** What hits leave undone: expiry without a hit, and the words for what failed. */
  settle(): void {
    if (this.#failure !== undefined) {
      this.disarm('error', `The probe failed and was disarmed: ${errorText(this.#failure.thrown)}`);
      this.#failure = undefined;
    } else if (this.account.state !== 'disarmed' && monotonicMs() >= this.#expiresAt) {
      this.disarm('expired');
    }
    const now = monotonicMs();
    this.#budget.spent(now, this.#untimed.costMs(this.account.seen - this.#timed));
    this.#budget.settle(now);
  }

  report(): ProbeReport {
    const { pause } = this.#budget;
    const isResting = pause !== undefined && this.account.state === 'armed';
    return { ...report(this.command.id, this.account), ...(isResting && { pause }) };
  }

  /** A hit at which nothing of the program is looked at, so that nothing can go wrong. @returns whether it counts */
  passUnread(): boolean {
    if (!this.#live) return false;
    const { account } = this;
    account.seen++;
    if (this.#budget.isPaused || this.#environment.budget.isPaused) {
      account.skipped.paused++;
      return false;
    }
    account.matched++;
    return true;
  }

  /** A hit: `act` is called with its frame where the probe is armed and its condition holds. */
  pass(frame: Frame, below: Below, act: (frame: Frame, below: Below) => void): void {
    if (!this.#live) return;
    const { account } = this;
    account.seen++;
    if (this.#budget.isPaused || this.#environment.budget.isPaused) {
      account.skipped.paused++;
      return;
    }
    if (hitInProgress) {
      account.skipped.reentrant++;
      return;
    }
    if ((account.seen & (SAMPLED_HITS - 1)) === 0) this.#untimed.begin();
    hitInProgress = true;
    try {
      if (this.#matches(frame)) act(frame, below);
    } catch (thrown) {
      this.#live = false;
      this.#failure = { thrown };
    } finally {
      hitInProgress = false;
      if ((account.seen & (SAMPLED_HITS - 1)) === 0) this.#untimed.end();
    }
  }

  /** Whether the condition can only be asked when a call is over. */
  get readsEnd(): boolean {
    return this.#condition?.readsEnd === true;
  }

  /** Whether nothing of the probe is to cost the program anything now. */
  get isResting(): boolean {
    return !this.#live || this.#budget.isPaused || this.#environment.budget.isPaused;
  }

  /** Something begins that is known to be a hit only later. @returns whether to follow it; what is not followed is counted */
  expects(): boolean {
    if (!this.#live) return false;
    const obstacle = this.#obstacle();
    if (obstacle === undefined && this.hasRate()) return true;
    if (obstacle !== undefined) this.account.skipped[obstacle]++;
    this.account.seen++;
    return false;
  }

  /** Why nothing that begins now is a hit, whatever comes of it. */
  #obstacle(): SkipReason | undefined {
    if (this.isResting) return 'paused';
    if (hitInProgress) return 'reentrant';
    const { context } = this.command;
    return context !== undefined && !isRequest(context) ? 'context' : undefined;
  }

  /** Whether a hit could be shown now, as far as rates go. One that could not is counted. */
  hasRate(): boolean {
    if (!this.#takeRate(monotonicMs())) return false;
    this.#rate.giveBack();
    this.#environment.budget.hits.giveBack();
    return true;
  }

  /** Something was followed for nothing. @param tookMs main-thread time */
  charge(tookMs: number): void {
    this.#budget.spent(monotonicMs(), tookMs);
  }

  /** What follows from an earlier hit, as its call's end does: behind the same barrier, also where the probe was disarmed meanwhile. */
  follow(act: () => void): void {
    const isNested = hitInProgress;
    hitInProgress = true;
    try {
      act();
    } catch (thrown) {
      if (this.#live) this.#failure = { thrown };
      this.#live = false;
    } finally {
      hitInProgress = isNested;
    }
  }

  /** Ships what one hit shows, as far as the limits allow. */
  deliver(frame: Frame, below: Below, take: TakeEvidence): void {
    const startedAt = this.admit();
    if (startedAt === undefined) return;
    fillFrame(frame, this.layout, this.account.seen);
    this.show(take(frame, below), startedAt);
  }

  /** Counts a hit that matches. @returns where the limits allow to act on it: the time, monotonic ms */
  admit(): number | undefined {
    // The clock is read for hits that match only: it costs more than most conditions.
    const now = monotonicMs();
    if (now >= this.#expiresAt) {
      this.disarm('expired');
      return undefined;
    }
    this.account.matched++;
    return this.#takeRate(now) ? now : undefined;
  }

  /** Ships what an admitted hit shows. @param startedAt monotonic ms */
  show(evidence: Evidence, startedAt: number): void {
    const { account } = this;
    const correlation = correlate();
    const tookMs = monotonicMs() - startedAt;
    this.#timed++;
    this.#budget.spent(startedAt, tookMs);
    const { fields, bytes } = evidence;
    const lost = this.#enqueue({ tookUs: round(tookMs * 1_000), ...correlation, ...fields }, bytes);
    if (lost !== undefined) {
      account.dropped[lost]++;
      return;
    }
    account.captured++;
    if (evidence.incomplete) account.incomplete++;
  }

  #rest(): void {
    this.#live = false;
    this.#releaseContext?.();
    this.#releaseContext = undefined;
  }

  /** Ships what was added up of many hits, to which no limit on hits applies. @returns whether it is on its way */
  ship(fields: Pick<Capture, 'metric'>): boolean {
    const { account } = this;
    const lost = this.#enqueue({ tookUs: 0, ...fields });
    if (lost === undefined) account.captured++;
    else account.dropped[lost]++;
    return lost === undefined;
  }

  #enqueue(
    fields: Omit<Capture, 'id' | 'probe' | 'kind' | 'at' | 'hit'>,
    bytes?: number,
  ): DropReason | undefined {
    const { id, kind } = this.command;
    const capture: Capture = {
      id: this.#environment.nextCaptureId(),
      probe: id,
      kind,
      at: wallClockMs(),
      hit: this.account.captured + 1,
      ...fields,
    };
    return this.#environment.enqueue(capture, this.#budget.bytes, bytes);
  }

  #matches(frame: Frame): boolean {
    const { skipped } = this.account;
    if (this.command.context !== undefined && !isRequest(this.command.context)) {
      skipped.context++;
      return false;
    }
    const condition = this.#condition;
    if (condition === undefined) return true;
    if (this.#restsUntil !== 0 && monotonicMs() < this.#restsUntil) {
      skipped.conditionError++;
      return false;
    }
    try {
      if (condition.needsFilledFrame) fillFrame(frame, this.layout, this.account.seen);
      if (condition.evaluate(frame)) return true;
      skipped.condition++;
    } catch (error) {
      skipped.conditionError++;
      this.#pauseFor(error);
    }
    return false;
  }

  /** A condition that fails is neither true nor silent: it is reported once, and the probe rests. */
  #pauseFor(error: unknown): void {
    this.#restsUntil = monotonicMs() + LIMITS.expressionErrorWindowMs;
    const seconds = LIMITS.expressionErrorWindowMs / 1_000;
    this.account.message = `The condition failed, so the probe rests for ${seconds} s: ${errorText(error)}`;
  }

  #takeRate(now: number): boolean {
    const { skipped } = this.account;
    if (!this.#rate.take(now)) {
      skipped.rateLimitProbe++;
      return false;
    }
    if (!this.#environment.budget.hits.take(now)) {
      this.#rate.giveBack();
      skipped.rateLimitProcess++;
      return false;
    }
    return true;
  }
}
