import type { FunctionAddress, LineHook, LinePlace, PointAddress, ProbePlace } from '@dormouse/protocol';
import type { CallHook, CallPoint } from '../switchboard/call-hooks.js';
import { CallTime } from './call-time.js';
import type { Below } from './evidence.js';
import type { Frame, FrameLayout, Outcome } from './frame.js';

/** A hook, and where in the woven program it belongs. */
export type Plug =
  | { readonly on: 'line'; readonly at: PointAddress; readonly hook: LineHook }
  | { readonly on: 'call'; readonly at: FunctionAddress; readonly hook: CallHook };

export type OnHit = (frame: Frame, below: Below) => void;

/**
 * The hook that turns what happens at a place into hits.
 * @param points of an async function: all, where the end of its calls has to tell how long they waited
 */
export function plugAt(
  place: ProbePlace,
  layout: FrameLayout,
  onHit: OnHit,
  points?: readonly CallPoint[],
): Plug {
  if (place.on !== 'line') {
    const hook = callHook(place.on, layout, onHit);
    return { on: 'call', at: place, hook: points === undefined ? hook : { ...hook, ...hearWaits(points) } };
  }
  const hook: LineHook = (...frame) => onHit(frame, hook);
  return { on: 'line', at: place, hook };
}

/** A call under way. It stays with the call itself, so that calls which overlap cannot mix. */
export interface Call {
  readonly frame: Frame;
  readonly time: CallTime;
}

function callHook(on: 'entry' | 'return' | 'throw' | 'end', layout: FrameLayout, onHit: OnHit): CallHook {
  if (on === 'entry') {
    const hook: CallHook = {
      entered(values) {
        onHit(copyParameters(values, layout), hook.entered);
      },
    };
    return hook;
  }

  const finish = (call: unknown, outcome: Outcome, value: unknown, below: Below): void => {
    const { frame, time } = call as Call;
    const { total, waited } = time.end();
    frame[layout.hits] = 0;
    frame[layout.outcome] = outcome;
    frame[layout.returned] = outcome === 'returned' ? value : undefined;
    frame[layout.threw] = outcome === 'threw' ? value : undefined;
    frame[layout.duration] = total;
    frame[layout.waited] = waited;
    onHit(frame, below);
  };
  const returned = (call: unknown, value: unknown): void => finish(call, 'returned', value, returned);
  const threw = (call: unknown, error: unknown): void => finish(call, 'threw', error, threw);
  const ended = (call: unknown): void => finish(call, 'ended', undefined, ended);
  return {
    entered: (values): Call => ({ frame: copyParameters(values, layout), time: new CallTime() }),
    ...(on !== 'throw' && { returned }),
    ...(on !== 'return' && { threw }),
    ...(on === 'end' && { ended }),
  };
}

/** A call that goes on with an error says so by its next line, or by its end. */
function hearWaits(points: readonly CallPoint[]): Pick<CallHook, 'suspended' | 'resumed' | 'lines'> {
  const resumed = (call: unknown): void => (call as Call).time.resume();
  return {
    suspended: (call) => (call as Call).time.suspend(),
    resumed,
    lines: { points, reached: resumed },
  };
}

/** `this` and the parameters; what else was passed is the weaver's own. */
export function copyParameters(values: readonly unknown[], { locals }: FrameLayout): Frame {
  const frame: Frame = [];
  for (let index = 0; index <= locals; index++) frame[index] = values[index];
  return frame;
}

/** How many values a line's hook passes: `this`, the locals, and a thunk where there are outer variables. */
export const passesOf = ({ locals, outers }: LinePlace): number =>
  1 + locals.length + (outers.length > 0 ? 1 : 0);

/** What a line's hook passes; what else was passed is the weaver's own. */
export function copyLine(values: readonly unknown[], { locals, outers }: FrameLayout): Frame {
  const passes = 1 + locals + (outers.length > 0 ? 1 : 0);
  const frame: Frame = [];
  for (let index = 0; index < passes; index++) frame[index] = values[index];
  return frame;
}
