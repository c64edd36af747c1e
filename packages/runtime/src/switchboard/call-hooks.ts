import type { CallFrame, EnterHook } from '@dormouse/protocol';

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
}

/** A hook in its place; once pulled out it hears of nothing more, not even of calls it saw begin. */
export interface PluggedCallHook {
  readonly hook: CallHook;
  live: boolean;
}

/** The one enter hook that stands for all of a function's call hooks. */
export function enterHook(plugged: readonly PluggedCallHook[]): EnterHook {
  return function dormouseHooks(...values) {
    return new Call(plugged, values);
  };
}

/** One call in flight, seen by the hooks that were plugged in when it began. */
export class Call implements CallFrame {
  readonly #plugged: readonly PluggedCallHook[];
  readonly #calls: unknown[] = [];
  #open = true;

  /** Whether anybody wants the error that may end the call. */
  readonly hearsErrors: boolean;

  constructor(plugged: readonly PluggedCallHook[], values: readonly unknown[]) {
    this.#plugged = plugged;
    let hearsErrors = false;
    for (let index = 0; index < plugged.length; index++) {
      const { hook } = plugged[index] as PluggedCallHook;
      this.#calls[index] = hook.entered(values);
      hearsErrors ||= hook.threw !== undefined;
    }
    this.hearsErrors = hearsErrors;
  }

  x(value?: unknown): void {
    if (value === this) this.#end((hook, call) => hook.ended?.(call));
    else this.#end((hook, call) => hook.returned?.(call, value));
  }

  t(error: unknown): void {
    this.#end((hook, call) => hook.threw?.(call, error));
  }

  #end(tell: (hook: CallHook, call: unknown) => void): void {
    if (!this.#open) return;
    this.#open = false;
    for (let index = 0; index < this.#plugged.length; index++) {
      const { hook, live } = this.#plugged[index] as PluggedCallHook;
      if (live) tell(hook, this.#calls[index]);
    }
  }
}
