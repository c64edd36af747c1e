import type { EnterTwin, LineHooks, Twin } from '@dormouse/protocol';
import { callFunction, reflectApply } from '../intrinsics.js';

/**
 * What stands in the switch field of an armed `twin` function: it calls the twin with the hooks in
 * front of the call's own arguments, and lets whatever it returns or throws pass.
 *
 * A fixed number of arguments is what makes this free: V8 inlines the whole chain (2 ns a call on
 * Node 20, 22 and 24), where a rest parameter and `Reflect.apply` cost 30 ns. Spreading would be as
 * fast, but runs `Array.prototype[Symbol.iterator]`, which a program may have replaced.
 */

/** The name by which stacks recognise these frames, see `stack/stack.ts`. */
export const ENTER_TWIN_NAME = 'dormouseEnterTwin';

/**
 * One function always hands over the same number of arguments, and only its calls know the number.
 * @param settle called with the form for that number at the first call, to stand in the field from then on
 */
export function enterTwin(hooks: LineHooks, settle: (enter: EnterTwin) => void): EnterTwin {
  return function dormouseEnterTwin(twin: Twin, ...values: unknown[]): unknown {
    const enter = byParameterCount[values.length - 1]?.(hooks) ?? enterAny(hooks);
    try {
      settle(enter);
    } catch {
      // The field keeps this form, which is as correct.
    }
    const self = values[0];
    values[0] = hooks;
    return reflectApply(twin, self, values);
  };
}

const call = callFunction as (
  twin: Twin,
  self: unknown,
  hooks: LineHooks,
  ...parameters: unknown[]
) => unknown;

const byParameterCount: readonly ((hooks: LineHooks) => EnterTwin)[] = [
  (hooks) =>
    function dormouseEnterTwin(twin, self) {
      return call(twin, self, hooks);
    },
  (hooks) =>
    function dormouseEnterTwin(twin, self, a) {
      return call(twin, self, hooks, a);
    },
  (hooks) =>
    function dormouseEnterTwin(twin, self, a, b) {
      return call(twin, self, hooks, a, b);
    },
  (hooks) =>
    function dormouseEnterTwin(twin, self, a, b, c) {
      return call(twin, self, hooks, a, b, c);
    },
  (hooks) =>
    function dormouseEnterTwin(twin, self, a, b, c, d) {
      return call(twin, self, hooks, a, b, c, d);
    },
  (hooks) =>
    function dormouseEnterTwin(twin, self, a, b, c, d, e) {
      return call(twin, self, hooks, a, b, c, d, e);
    },
  (hooks) =>
    function dormouseEnterTwin(twin, self, a, b, c, d, e, f) {
      return call(twin, self, hooks, a, b, c, d, e, f);
    },
];

const enterAny =
  (hooks: LineHooks): EnterTwin =>
  (twin, ...values) => {
    const self = values[0];
    values[0] = hooks;
    return reflectApply(twin, self, values);
  };
