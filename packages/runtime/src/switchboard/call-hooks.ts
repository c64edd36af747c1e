import type { CallFrame, EnterHook } from '@dormouse/protocol';
import { HOOKS_NAME, named } from './named.js';

/** What follows a function's calls. Like a line's hook it must never throw. */
export interface CallHook {
  /**
   * A call begins. What this returns stays with the call and is handed to the others; `undefined`: the hook hears
   * nothing more of this call, which then costs as little as can be.
   * @param values `this`, then the parameters in manifest order; more may follow, which are the weaver's own
   */
  entered(values: readonly unknown[]): unknown;
  /** Lines of the call, while it runs. */
  readonly lines?: CallLines;
  /** An async call is about to wait: what it waits for has been evaluated. */
  suspended?(call: unknown): void;
  /** It goes on, with a value. One that goes on with an error says so by its next line, or by its end. */
  resumed?(call: unknown): void;
  /** The call ends with a value. */
  returned?(call: unknown, value: unknown): void;
  /** The call ends with an error. Who does not ask for it leaves the source line that Node prints for an uncaught one. */
  threw?(call: unknown, error: unknown): void;
  /** The call ends, in a way that cannot be seen: with an error, or closed by whoever ran the generator. */
  ended?(call: unknown): void;
  /** Hears the end of every call that it saw begin, even after it was pulled out: for what it has begun itself. */
  readonly outlives?: true;
}

/**
 * Some points of a function, heard of with the call that they belong to, so that neither recursion nor calls that overlap
 * mix: of a function with two bodies it is the innermost that runs, of others the one whose frame the line passes. Only
 * calls that the hook saw begin, as long as it is plugged in; nothing after their end was told, as of a `finally` behind a
 * `return` of a function whose exits are `returns`.
 */
export interface CallLines {
  readonly points: readonly CallPoint[];
  /**
   * The call is about to run the statement at a point.
   * @param call what `entered` returned for it
   * @param point the point's index
   * @param values `this`, the locals, and the thunk of the outer variables where the point has some; what may follow
   * is the weaver's own. They may be kept, and must not be changed: others are given the same array.
   */
  reached(call: unknown, point: number, values: readonly unknown[]): void;
}

export interface CallPoint {
  readonly index: number;
  /** How many values its hook passes: `this` counts, and each local, and the thunk of the outer variables. */
  readonly passes: number;
}

/** A hook in its place; once pulled out it hears of nothing more, not even of calls it saw begin, unless it outlives that. */
export interface PluggedCallHook {
  readonly hook: CallHook;
  /** By the index of a point: whether the hook hears of it. */
  readonly hears: readonly (true | undefined)[];
  live: boolean;
}

export function pluggedCallHook(hook: CallHook): PluggedCallHook {
  const hears: (true | undefined)[] = [];
  for (const { index } of hook.lines?.points ?? []) hears[index] = true;
  return { hook, hears, live: true };
}

/** One call in flight, seen by the hooks that were plugged in when it began. */
export interface SeenCall extends CallFrame {
  /** Whether anybody wants the error that may end the call. */
  readonly hearsErrors: boolean;
  /** The call is about to run a point. */
  line(point: number, values: readonly unknown[]): void;
}

/** What one hook was told: a link of a chain, because writing to an array may run a setter that the program gave to all arrays. */
interface Told {
  readonly plugged: PluggedCallHook;
  /** Let go of as the call waits or goes on, where the hook was pulled out: the call may last as long as the process. */
  call: unknown;
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
      const call = entry.hook.entered(values);
      if (call === undefined) continue;
      const told: Told = { plugged: entry, call, next: undefined };
      if (last === undefined) first = told;
      else last.next = told;
      last = told;
      hearsErrors ||= entry.hook.threw !== undefined;
    }
    return first && new ToldCall(first, hearsErrors);
  });

class ToldCall implements SeenCall {
  readonly hearsErrors: boolean;
  /** Until the call's end is told. */
  #told: Told | undefined;

  constructor(told: Told, hearsErrors: boolean) {
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

  a(): void {
    tellEach(this.#told, 'suspended');
  }

  r(): void {
    tellEach(this.#told, 'resumed');
  }

  line(point: number, values: readonly unknown[]): void {
    for (let told = this.#told; told !== undefined; told = told.next) {
      const { hook, hears, live } = told.plugged;
      if (live && hears[point]) hook.lines?.reached(told.call, point, values);
    }
  }
}

for (const method of ['x', 't', 'a', 'r', 'line'] as const) named(HOOKS_NAME, ToldCall.prototype[method]);

const tellEach = named(
  HOOKS_NAME,
  (
    first: Told | undefined,
    how: 'suspended' | 'resumed' | 'returned' | 'threw' | 'ended',
    value?: unknown,
  ): void => {
    for (let told = first; told !== undefined; told = told.next) {
      const { hook, live } = told.plugged;
      if (live || hook.outlives) hook[how]?.(told.call, value);
      else told.call = undefined;
    }
  },
);
