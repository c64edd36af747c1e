import type {
  CallersCommand,
  CaptureLimits,
  FunctionAddress,
  ProbePlace,
  StepsPlace,
  TrailCall,
} from '@dormouse/protocol';
import type { CaptureSession } from '../capture/session.js';
import type { CallHook } from '../switchboard/call-hooks.js';
import { max } from '../intrinsics.js';
import { HOOKS_NAME, named } from '../switchboard/named.js';
import { callPoints, captureLine } from './captured-line.js';
import type { Plug } from './plug.js';

/** Calls of a trail that are named; of these the innermost are shown. */
const MOST_NAMED = 50;

/**
 * Calls that run at once, each inside the one before. A synchronous loop whose calls end unseen has no turn of the event loop
 * in which that is found out: it must not fill the memory. Where there really are more, those that come after them have no callers.
 */
const MOST_RUNNING = 1_000;

/** Levels of objects below a variable of a caller. */
const DEPTH = 2;

/** A call of a function that leads to a probe, or of the probe's own. */
class FollowedCall {
  readonly address: FunctionAddress;
  /** Undefined where its lines are not followed. */
  readonly steps: StepsPlace | undefined;
  /** The followed call in which it began. */
  caller: FollowedCall | undefined;
  /** The followed call below it on the stack: while it has not waited yet, its caller; then none, for the event loop runs it. */
  below: FollowedCall | undefined;
  /** How many are below it, and it. */
  height: number;
  hasWaited = false;
  waits = false;
  isOver = false;
  /** The last point that it has reached. */
  point = -1;
  /** What that handed over. Let go of when the call is over. */
  values: readonly unknown[] | undefined;

  constructor(address: FunctionAddress, steps: StepsPlace | undefined, caller: FollowedCall | undefined) {
    this.address = address;
    this.steps = steps;
    this.caller = caller;
    this.below = caller;
    this.height = (caller?.height ?? 0) + 1;
  }

  /** A caller that is over stands for its own. Skipped for good, or calls that follow each other would make an endless chain. */
  skipEndedCallers(): void {
    while (this.caller?.isOver === true) this.caller = this.caller.caller;
  }
}

/** A call of the probe's own function: what the probe itself keeps of it, and its place among the others. */
interface CallOfPlace {
  readonly told: unknown;
  readonly call: FollowedCall;
}

/**
 * Which calls lead to a probe, and where each of them stands: of functions that the collector has seen in its stacks. What
 * it tells of a call is certain: it belongs to this call and to no other of the same function, neither to a recursive one
 * nor to one that overlaps.
 *
 * Calls that run now are a stack, as the program's own. A call that ends unseen, as exceptions pass through some forms of
 * functions, is found out by the next line of a call below it, by whatever goes on after a wait, and when the event loop turns.
 * What remains, the collector finds out: the trail then does not fit the frames of the stack.
 */
export class Callers {
  readonly #most: number;
  readonly #place: ProbePlace;
  readonly #level: number;
  readonly #followed = new Set<string>();
  /** Whether lines of the probe's own function are followed: the innermost call that runs is then the one that is hit. */
  #followsPlace = false;
  /** The innermost call that runs now. */
  #top: FollowedCall | undefined;
  /** The call whose end is the hit of this moment. */
  #ending: FollowedCall | undefined;

  /** @param depth of the capture, of which callers take what is next to them: or those alone would use up its time */
  constructor({ most }: CallersCommand, place: ProbePlace, { depth }: CaptureLimits) {
    this.#most = most;
    this.#place = place;
    this.#level = max(0, depth - DEPTH);
  }

  /** The same plug of the probe, from which it is known which call's end is a hit. */
  ofPlace(plug: Plug): Plug {
    if (plug.on === 'line' || this.#place.on === 'entry') return plug;
    this.#followed.add(keyOf(plug.at));
    return { ...plug, hook: this.#hookOfPlace(plug.hook) };
  }

  /**
   * Follows the calls of functions that are not followed yet.
   * @param onLine called for each line of one, and as it begins
   */
  follow(functions: readonly StepsPlace[], onLine: () => void): Plug[] {
    const added = functions.filter((steps) => !this.#followed.has(keyOf(steps)));
    for (const steps of added) this.#followed.add(keyOf(steps));
    this.#followsPlace ||= added.some((steps) => isSame(steps, this.#place));
    return added.map((steps) => ({ on: 'call', at: steps, hook: this.#hookOf(steps, onLine) }));
  }

  /** The event loop has turned: nothing of the program is on the stack. */
  settle(): void {
    this.#top = undefined;
  }

  /** The calls that lead to the hit of this moment, the innermost first, as far as they were followed. */
  trail(session: CaptureSession): TrailCall[] {
    const trail: TrailCall[] = [];
    let call = this.#innermost();
    while (call !== undefined && trail.length < MOST_NAMED) {
      const { address, steps, point, values, waits } = call;
      const isShown = steps !== undefined && values !== undefined && trail.length < this.#most;
      trail[trail.length] = {
        ...address,
        waits,
        ...(isShown && { at: captureLine(session, steps, point, values, this.#level) }),
      };
      call = callerOf(call);
    }
    return trail;
  }

  /** The call that has led to the one that was hit. */
  #innermost(): FollowedCall | undefined {
    const place = this.#place;
    if (this.#ending !== undefined) return callerOf(this.#ending);
    if (place.on !== 'line' || !this.#followsPlace) return this.#top;
    const hit = this.#top;
    const isHit = hit?.point === place.pointIndex && isSame(hit.address, place);
    return isHit ? callerOf(hit) : undefined;
  }

  #hookOf(steps: StepsPlace, onLine: () => void): CallHook {
    const address = addressOf(steps);
    const end = (call: unknown): void => this.#end(call as FollowedCall);
    return {
      entered: () => {
        onLine();
        return this.#begin(address, steps);
      },
      lines: {
        points: callPoints(steps),
        reached: (heard, point, values) => {
          const call = heard as FollowedCall;
          call.point = point;
          call.values = values;
          if (this.#top !== call) this.#goOn(call);
          onLine();
        },
      },
      suspended: (call) => this.#wait(call as FollowedCall),
      resumed: (call) => this.#goOn(call as FollowedCall),
      returned: end,
      threw: end,
      ended: end,
    };
  }

  /** @param hook of the probe, which hears of everything first */
  #hookOfPlace(hook: CallHook): CallHook {
    const address = addressOf(this.#place);
    const hear =
      (how: 'returned' | 'threw' | 'ended') =>
      (heard: unknown, value?: unknown): void => {
        const { told, call } = heard as CallOfPlace;
        this.#ending = call;
        hook[how]?.(told, value);
        this.#ending = undefined;
        this.#end(call);
      };
    const { lines } = hook;
    return {
      ...hook,
      entered: (values): CallOfPlace => ({
        told: hook.entered(values),
        call: this.#begin(address),
      }),
      ...(lines !== undefined && {
        lines: {
          ...lines,
          reached: (heard, point, values) => {
            const { told, call } = heard as CallOfPlace;
            lines.reached(told, point, values);
            if (this.#top !== call) this.#goOn(call);
          },
        },
      }),
      suspended: (heard) => this.#wait((heard as CallOfPlace).call),
      resumed: (heard) => this.#goOn((heard as CallOfPlace).call),
      returned: named(HOOKS_NAME, hear('returned')),
      threw: named(HOOKS_NAME, hear('threw')),
      ended: named(HOOKS_NAME, hear('ended')),
    };
  }

  #begin(address: FunctionAddress, steps?: StepsPlace): FollowedCall {
    const top = this.#top;
    const caller = top !== undefined && top.height < MOST_RUNNING ? top : undefined;
    caller?.skipEndedCallers();
    this.#top = new FollowedCall(address, steps, caller);
    return this.#top;
  }

  /** The call runs, so whatever seemed to run above it is over. */
  #goOn(call: FollowedCall): void {
    call.waits = false;
    this.#top = call;
  }

  #wait(call: FollowedCall): void {
    this.#leave(call);
    call.waits = true;
    call.hasWaited = true;
    call.below = undefined;
    call.height = 1;
  }

  #end(call: FollowedCall): void {
    this.#leave(call);
    call.isOver = true;
    call.values = undefined;
  }

  #leave(call: FollowedCall): void {
    for (let running = this.#top; running !== undefined; running = running.below) {
      if (running !== call) continue;
      this.#top = call.below;
      return;
    }
  }
}

/** Of a call that has waited, its caller: it leads to this one only if it still waits. */
function callerOf(call: FollowedCall): FollowedCall | undefined {
  if (!call.hasWaited) return call.below;
  call.skipEndedCallers();
  return call.caller?.waits === true ? call.caller : undefined;
}

const addressOf = ({ file, functionIndex }: FunctionAddress): FunctionAddress => ({ file, functionIndex });

const isSame = (one: FunctionAddress, other: FunctionAddress): boolean =>
  one.functionIndex === other.functionIndex && one.file === other.file;

const keyOf = ({ file, functionIndex }: FunctionAddress): string => `${file}:${functionIndex}`;
