import type { LineHook, LineHooks, WovenForm } from '@dormouse/protocol';
import { reflectApply } from '../intrinsics.js';
import { enterTwin } from './enter-twin.js';
import type { Switches } from './switch-object.js';

/** A function with at least one hooked point. */
export interface ArmedFunction {
  add(point: number, hook: LineHook): void;
  /** @returns `disarmed` when that was its last hook and its switch field is clear again */
  remove(point: number, hook: LineHook): 'armed' | 'disarmed';
}

/** Sets the function's switch field, with no point hooked yet. */
export function armFunction(switches: Switches, functionIndex: number, form: WovenForm): ArmedFunction {
  // Calls in flight hold this object, so a hook added or removed shows in them at once.
  const hooks: LineHooks = {};
  const points = new Map<number, readonly LineHook[]>();

  const setPoint = (point: number, plugged: readonly LineHook[]): void => {
    if (plugged.length > 0) points.set(point, plugged);
    else points.delete(point);
    hooks[`l${point}`] = plugged.length > 1 ? callEach(plugged) : plugged[0];
  };

  switches.set(
    functionIndex,
    form === 'twin' ? enterTwin(hooks, (enter) => switches.set(functionIndex, enter)) : hooks,
  );
  return {
    add(point, hook) {
      setPoint(point, [...(points.get(point) ?? []), hook]);
    },
    remove(point, hook) {
      setPoint(
        point,
        (points.get(point) ?? []).filter((other) => other !== hook),
      );
      if (points.size > 0) return 'armed';
      switches.clear(functionIndex);
      return 'disarmed';
    },
  };
}

/** The name by which stacks leave these frames out, see `stack/stack.ts`. */
export const HOOKS_NAME = 'dormouseHooks';

/** `Reflect.apply` copies the values, so no hook sees what another did with its own. */
const callEach = (hooks: readonly LineHook[]): LineHook =>
  function dormouseHooks(...values) {
    for (let index = 0; index < hooks.length; index++) {
      reflectApply(hooks[index] as LineHook, undefined, values);
    }
  };
