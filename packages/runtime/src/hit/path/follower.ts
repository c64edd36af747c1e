import type { PathEnd } from '@dormouse/protocol';
import type { CallHook } from '../../switchboard/call-hooks.js';
import type { Below } from '../evidence.js';
import type { Gate } from '../gate.js';
import type { FollowedFunction } from './followed-function.js';
import type { RecordedCall } from './recorded-call.js';
import { Running } from './running.js';

/** What is done with what {@link Follower} hears. */
export interface Followed {
  /** A recorded call is about to run the statement at a point. Behind the gate's barrier. */
  reached(call: RecordedCall, point: number, values: readonly unknown[], below: Below): void;
  /** A recorded call is over. What it does that may fail belongs behind the barrier. */
  ended(call: RecordedCall, how: PathEnd, value: unknown, below: Below): void;
  /** The probe rests while a call is recorded. */
  rested(call: RecordedCall): void;
}

/**
 * Hears of the calls of several functions what belongs to recordings, and knows which recorded call runs. Of calls whose
 * recording is over it tells nothing.
 */
export class Follower {
  readonly running = new Running();
  readonly #gate: Gate;
  readonly #followed: Followed;

  constructor(gate: Gate, followed: Followed) {
    this.#gate = gate;
    this.#followed = followed;
  }

  /** @param begin the recorded call that a call of the function is; undefined: it is none */
  hook(
    fn: FollowedFunction,
    begin: (values: readonly unknown[], below: Below) => RecordedCall | undefined,
  ): CallHook {
    const { running } = this;
    const hook: CallHook = {
      entered(values) {
        const call = begin(values, hook.entered);
        if (call !== undefined) running.enter(call);
        return call;
      },
      lines: { points: fn.hooks, reached: this.#reached },
      suspended: (call) => running.leave(call as RecordedCall),
      resumed: (call) => running.goOn(call as RecordedCall),
      returned: this.#returned,
      threw: this.#threw,
      ended: this.#ended,
    };
    return hook;
  }

  readonly #reached = (recorded: unknown, point: number, values: readonly unknown[]): void => {
    const call = recorded as RecordedCall;
    if (call.recording.isOver) return;
    if (this.#gate.isResting) {
      this.#followed.rested(call);
      return;
    }
    this.running.goOn(call);
    this.#gate.follow(() => this.#followed.reached(call, point, values, this.#reached));
  };

  readonly #returned = (call: unknown, value: unknown): void =>
    this.#end(call, 'returned', value, this.#returned);
  readonly #threw = (call: unknown, error: unknown): void => this.#end(call, 'threw', error, this.#threw);
  readonly #ended = (call: unknown): void => this.#end(call, 'ended', undefined, this.#ended);

  #end(recorded: unknown, how: PathEnd, value: unknown, below: Below): void {
    const call = recorded as RecordedCall;
    this.running.leave(call);
    if (!call.recording.isOver) this.#followed.ended(call, how, value, below);
  }
}
