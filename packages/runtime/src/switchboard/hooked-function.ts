import type { ArmedFunction, FunctionHooks, LineHook } from '@dormouse/protocol';
import { reflectApply } from '../intrinsics.js';
import { type CallHook, type PluggedCallHook, enterHook, pluggedCallHook } from './call-hooks.js';
import { enterTwin } from './enter-twin.js';
import { HOOKS_NAME, named } from './named.js';
import { lineOfCall, type RunningCall } from './running-call.js';
import type { Switches } from './switch-object.js';

/** A function with at least one hook, at a point or on its calls. */
export interface HookedFunction {
  addLine(point: number, hook: LineHook): void;
  removeLine(point: number, hook: LineHook): void;
  addCall(hook: CallHook): void;
  removeCall(hook: CallHook): void;
  /** Whether its last hook is gone, and with it what stood in its switch field. */
  readonly isDisarmed: boolean;
}

/** Sets the function's switch field, with nothing hooked yet. */
export function hookFunction(switches: Switches, functionIndex: number): HookedFunction {
  // Calls in flight hold the armed function that they entered by: a hook stands on each of them, so it shows at once.
  let armed: readonly ArmedFunction[];
  const lines = new Map<number, readonly LineHook[]>();
  let calls: readonly PluggedCallHook[] = [];
  /** One for each point of which a call hook hears, in front of the point's other hooks. */
  const callLines = new Map<number, LineHook>();
  const running: RunningCall = { isKept: false, call: undefined };
  let isDisarmed = false;

  // A call of the program's settles the form, so nothing that the program may have replaced is run here.
  const first = enterTwin(running, (exact) => {
    for (const name in first) copyHook(name as keyof FunctionHooks, first, exact);
    armed = [first, exact];
    switches.set(functionIndex, exact);
  });
  armed = [first];
  switches.set(functionIndex, first);

  const showLine = (point: number): void => {
    const callLine = callLines.get(point);
    const plugged = [...(callLine === undefined ? [] : [callLine]), ...(lines.get(point) ?? [])];
    const hook = plugged.length > 1 ? callEach(plugged) : plugged[0];
    for (const enter of armed) enter[`l${point}`] = hook;
  };

  const showCalls = (): void => {
    const hook = calls.length > 0 ? enterHook(calls) : undefined;
    for (const enter of armed) enter.e = hook;
    running.isKept = calls.some((plugged) => plugged.hook.lines !== undefined);
  };

  const showCallLines = ({ lines: ofCalls }: CallHook): void => {
    for (const point of ofCalls?.points ?? []) {
      if (!calls.some(({ hears }) => hears[point.index])) callLines.delete(point.index);
      else if (!callLines.has(point.index)) callLines.set(point.index, lineOfCall(running, point));
      showLine(point.index);
    }
  };

  const setLine = (point: number, plugged: readonly LineHook[]): void => {
    if (plugged.length > 0) lines.set(point, plugged);
    else lines.delete(point);
    showLine(point);
  };

  const disarmIfUnused = (): void => {
    if (isDisarmed || lines.size > 0 || calls.length > 0) return;
    isDisarmed = true;
    switches.clear(functionIndex);
  };

  return {
    get isDisarmed() {
      return isDisarmed;
    },
    addLine(point, hook) {
      setLine(point, [...(lines.get(point) ?? []), hook]);
    },
    removeLine(point, hook) {
      setLine(
        point,
        (lines.get(point) ?? []).filter((other) => other !== hook),
      );
      disarmIfUnused();
    },
    addCall(hook) {
      calls = [...calls, pluggedCallHook(hook)];
      showCalls();
      showCallLines(hook);
    },
    removeCall(hook) {
      for (const plugged of calls) if (plugged.hook === hook) plugged.live = false;
      calls = calls.filter(({ live }) => live);
      showCalls();
      showCallLines(hook);
      disarmIfUnused();
    },
  };
}

function copyHook<Name extends keyof FunctionHooks>(
  name: Name,
  from: FunctionHooks,
  to: FunctionHooks,
): void {
  to[name] = from[name];
}

/** `Reflect.apply` copies the values, so no hook sees what another did with its own. */
const callEach = (hooks: readonly LineHook[]): LineHook =>
  named(HOOKS_NAME, (...values) => {
    for (let index = 0; index < hooks.length; index++) {
      reflectApply(hooks[index] as LineHook, undefined, values);
    }
  });
