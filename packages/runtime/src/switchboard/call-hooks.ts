import type { CallFrame, EnterHook } from '@dormouse/protocol';
import { HOOKS_NAME, named } from './named.js';

/** What follows a function's calls. Like a line's hook it must never throw. */
export interface CallHook {
  /**
   * A call begins. What this returns stays with the call and is handed to the others.
   * @param values `this`, then the parameters in manifest order; more may follow, which are the weaver's own
   */
  entered(values: readonly unknown[]): unknown;
  /** The call ends with a value. */
  returned?(call: unknown, value: unknown): void;
  /** The call ends with an error. */
  threw?(call: unknown, error: unknown): void;
  /** The call ends, in a way that cannot be seen: with an error, or closed by whoever ran the generator. */
  ended?(call: unknown): void;
  /** Hears the end of every call that it saw begin, even after it was pulled out: for what it has begun itself. */
  readonly outlives?: true;
}

/** A hook in its place; once pulled out it hears of nothing more, not even of calls it saw begin, unless it outlives that. */
export interface PluggedCallHook {
  readonly hook: CallHook;
  live: boolean;
}

/** One call in flight, seen by the hooks that were plugged in when it began. */
export interface SeenCall extends CallFrame {
  /** Whether anybody wants the error that may end the call. */
  readonly hearsErrors: boolean;
}

/** What one hook was told: a link of a chain, because writing to an array may run a setter that the program gave to all arrays. */
interface Told {
  readonly plugged: PluggedCallHook;
  readonly call: unknown;
  next: Told | undefined;
}

/** The one enter hook that stands for all of a function's call hooks. */
export const enterHook = (plugged: readonly PluggedCallHook[]): EnterHook =>
  named(HOOKS_NAME, (...values) => {
    let first: Told | undefined;
    let last: Told | undefined;
    let hearsErrors = false;
    for (let index = 0; index < plugged.length; index++) {
      const entry = plugged[index] as PluggedCallHook;
      const told: Told = { plugged: entry, call: entry.hook.entered(values), next: undefined };
      if (last === undefined) first = told;
      else last.next = told;
      last = told;
      hearsErrors ||= entry.hook.threw !== undefined;
    }
    return new ToldCall(first, hearsErrors);
  });

class ToldCall implements SeenCall {
  readonly hearsErrors: boolean;
  /** Until the call's end is told. */
  #told: Told | undefined;

  constructor(told: Told | undefined, hearsErrors: boolean) {
    this.#told = told;
    this.hearsErrors = hearsErrors;
  }

  x(value?: unknown): void {
    const told = this.#told;
    this.#told = undefined;
    if (value === this) tellEach(told, 'ended');
    else tellEach(told, 'returned', value);
  }

  t(error: unknown): void {
    const told = this.#told;
    this.#told = undefined;
    tellEach(told, 'threw', error);
  }

  a(): void {}

  r(): void {}
}

named(HOOKS_NAME, ToldCall.prototype.x);
named(HOOKS_NAME, ToldCall.prototype.t);
named(HOOKS_NAME, ToldCall.prototype.a);
named(HOOKS_NAME, ToldCall.prototype.r);

const tellEach = named(
  HOOKS_NAME,
  (first: Told | undefined, how: 'returned' | 'threw' | 'ended', value?: unknown): void => {
    for (let told = first; told !== undefined; told = told.next) {
      const { hook, live } = told.plugged;
      if (live || hook.outlives) hook[how]?.(told.call, value);
    }
  },
);
