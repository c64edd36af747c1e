import type { ArmedFunction, EnterHook, EnterTwin, FunctionHooks, Twin } from '@dormouse/protocol';
import { callFunction, reflectApply, setPrototypeOf } from '../intrinsics.js';
import type { SeenCall } from './call-hooks.js';
import { ENTER_TWIN_NAME, named } from './named.js';
import type { RunningCall } from './running-call.js';

/**
 * What stands in the switch field of an armed function. It calls the twin with itself, which carries the
 * hooks, in front of the call's own arguments, and lets whatever that returns or throws pass.
 *
 * A fixed number of arguments is what makes this free: V8 inlines the whole chain (2 ns a call on
 * Node 20, 22 and 24), where a rest parameter and `Reflect.apply` cost 30 ns. Spreading would be as
 * fast, but runs `Array.prototype[Symbol.iterator]`, which a program may have replaced. That the hooks are the
 * function's own properties, and the test for `e`, cost nothing measurable; choosing by `arguments.length` in
 * one function for all costs 2 ns on Node 24.
 */

/**
 * One function always hands over the same number of arguments, and only its calls know the number.
 * @param running the function's, kept while a hook hears lines of its calls
 * @param settle called with the form for that number at the first call, to stand in the field from then on
 */
export function enterTwin(running: RunningCall, settle: (enter: ArmedFunction) => void): ArmedFunction {
  let isSettled = false;
  return enterAny(running, (values) => {
    const exact = byParameterCount[values.length - 1];
    if (isSettled || exact === undefined) return;
    isSettled = true;
    try {
      settle(exact(running));
    } catch {
      // The field keeps this form, which is as correct.
    }
  });
}

/**
 * Its properties are hooks and nothing else: it inherits none.
 * @param named the function under its name, which it takes over; to define a name makes its properties slow
 */
function armed(named: Readonly<Record<typeof ENTER_TWIN_NAME, EnterTwin>>): ArmedFunction {
  const hooks = setPrototypeOf(named[ENTER_TWIN_NAME], null) as ArmedFunction;
  hooks.e = undefined;
  return hooks;
}

const call = callFunction as (
  twin: Twin,
  self: unknown,
  hooks: FunctionHooks,
  ...parameters: unknown[]
) => unknown;

const byParameterCount: readonly ((running: RunningCall) => ArmedFunction)[] = [
  (running) => {
    const hooks = armed({
      [ENTER_TWIN_NAME]: (twin, self) => {
        if (hooks.e !== undefined) return callSeen(hooks, running, twin, [self]);
        return call(twin, self, hooks);
      },
    });
    return hooks;
  },
  (running) => {
    const hooks = armed({
      [ENTER_TWIN_NAME]: (twin, self, a) => {
        if (hooks.e !== undefined) return callSeen(hooks, running, twin, [self, a]);
        return call(twin, self, hooks, a);
      },
    });
    return hooks;
  },
  (running) => {
    const hooks = armed({
      [ENTER_TWIN_NAME]: (twin, self, a, b) => {
        if (hooks.e !== undefined) return callSeen(hooks, running, twin, [self, a, b]);
        return call(twin, self, hooks, a, b);
      },
    });
    return hooks;
  },
  (running) => {
    const hooks = armed({
      [ENTER_TWIN_NAME]: (twin, self, a, b, c) => {
        if (hooks.e !== undefined) return callSeen(hooks, running, twin, [self, a, b, c]);
        return call(twin, self, hooks, a, b, c);
      },
    });
    return hooks;
  },
  (running) => {
    const hooks = armed({
      [ENTER_TWIN_NAME]: (twin, self, a, b, c, d) => {
        if (hooks.e !== undefined) return callSeen(hooks, running, twin, [self, a, b, c, d]);
        return call(twin, self, hooks, a, b, c, d);
      },
    });
    return hooks;
  },
  (running) => {
    const hooks = armed({
      [ENTER_TWIN_NAME]: (twin, self, a, b, c, d, e) => {
        if (hooks.e !== undefined) return callSeen(hooks, running, twin, [self, a, b, c, d, e]);
        return call(twin, self, hooks, a, b, c, d, e);
      },
    });
    return hooks;
  },
  (running) => {
    const hooks = armed({
      [ENTER_TWIN_NAME]: (twin, self, a, b, c, d, e, f) => {
        if (hooks.e !== undefined) return callSeen(hooks, running, twin, [self, a, b, c, d, e, f]);
        return call(twin, self, hooks, a, b, c, d, e, f);
      },
    });
    return hooks;
  },
];

function enterAny(running: RunningCall, onCall: (values: readonly unknown[]) => void): ArmedFunction {
  const hooks = armed({
    [ENTER_TWIN_NAME]: (twin, ...values) => {
      onCall(values);
      return hooks.e === undefined ? callPlain(hooks, twin, values) : callSeen(hooks, running, twin, values);
    },
  });
  return hooks;
}

/** @param values `this` and the parameters; its first slot is used up */
const callPlain = named(ENTER_TWIN_NAME, (hooks: ArmedFunction, twin: Twin, values: unknown[]): unknown => {
  const self = values[0];
  values[0] = hooks;
  return reflectApply(twin, self, values);
});

/**
 * The source line that Node prints for an uncaught error survives a `finally`, and not its being caught and thrown again,
 * so that is done only for who asks.
 */
const callSeen = named(
  ENTER_TWIN_NAME,
  (hooks: ArmedFunction, running: RunningCall, twin: Twin, values: unknown[]): unknown => {
    const seen = reflectApply(hooks.e as EnterHook, undefined, values) as SeenCall | undefined;
    const outer = running.call;
    // A call that nobody follows hides a followed one around it.
    const isKept = running.isKept && (seen ?? outer) !== undefined;
    if (isKept) running.call = seen;
    try {
      if (seen === undefined) return callPlain(hooks, twin, values);
      let value: unknown;
      if (seen.hearsErrors) {
        try {
          value = callPlain(hooks, twin, values);
        } catch (error) {
          seen.t(error);
          throw error;
        }
      } else value = callPlain(hooks, twin, values);
      seen.x(value);
      return value;
    } finally {
      if (isKept) running.call = outer;
    }
  },
);
