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

/** One call in flight, seen by the hooks that were plugged in when it began. */
export interface SeenCall extends CallFrame {
  /** Whether anybody wants the error that may end the call. */
  readonly hearsErrors: boolean;
}

/** The one enter hook that stands for all of a function's call hooks. All its functions have the name that stacks leave out. */
export function enterHook(plugged: readonly PluggedCallHook[]): EnterHook {
  return function dormouseHooks(...values): SeenCall {
    const calls: unknown[] = [];
    let hearsErrors = false;
    let isOpen = true;
    for (let index = 0; index < plugged.length; index++) {
      const { hook } = plugged[index] as PluggedCallHook;
      calls[index] = hook.entered(values);
      hearsErrors ||= hook.threw !== undefined;
    }

    const end = function dormouseHooks(how: 'returned' | 'threw' | 'ended', value?: unknown): void {
      if (!isOpen) return;
      isOpen = false;
      for (let index = 0; index < plugged.length; index++) {
        const { hook, live } = plugged[index] as PluggedCallHook;
        if (live) hook[how]?.(calls[index], value);
      }
    };
    const call: SeenCall = {
      hearsErrors,
      x: function dormouseHooks(value) {
        if (value === call) end('ended');
        else end('returned', value);
      },
      t: function dormouseHooks(error) {
        end('threw', error);
      },
    };
    return call;
  };
}
