import { PATH_LIMITS, type CapturedPath, type PathEnd, type SkipReason } from '@dormouse/protocol';
import { openCapture } from '../../capture/session.js';
import { currentRequest } from '../../context/current.js';
import { monotonicMs } from '../../intrinsics.js';
import { takeStack } from '../../stack/stack.js';
import type { CallHook, CallLines } from '../../switchboard/call-hooks.js';
import type { Below } from '../evidence.js';
import { fillFrame, type Frame } from '../frame.js';
import { earlyPart } from '../path/early-part.js';
import { followedFunction, type FollowedFunction } from '../path/followed-function.js';
import { RecordedCall } from '../path/recorded-call.js';
import { Recording } from '../path/recording.js';
import { Recordings } from '../path/recordings.js';
import { Running } from '../path/running.js';
import { warmUpPaths } from '../path/warm-up.js';
import { copyParameters } from '../plug.js';
import { compileProgram } from '../program.js';
import type { OpenKind } from './kind.js';

/**
 * Calls of a function, line by line. A condition that can be asked as a call begins decides what is recorded, so that
 * other calls cost next to nothing. One that asks how the call ends makes it a flight recorder, and so does a second
 * point: calls are recorded, as far as what else the condition asks allows, and forgotten unless it comes to that.
 */
export const openPath: OpenKind = (gate) => {
  const { account, command, layout } = gate;
  const { capture, path, place, until } = command;
  if (path === undefined || place.on === 'line') throw new Error('a path needs the calls of a function');
  const root = followedFunction(path.root);
  const included = path.includes.map(followedFunction);
  const others = included.filter((fn) => !isSameFunction(fn.place, place));
  const followsItself = others.length < included.length;
  const untilFunction = until && [root, ...included].find((fn) => isSameFunction(fn.place, until));
  if (until !== undefined && untilFunction === undefined)
    throw new Error('the second point of a path must be in a function that it follows');
  /** Whether a recording may turn out to be of no interest. */
  const isFlightRecorder = gate.readsEnd || until !== undefined;
  const earlyCondition = gate.readsEnd && command.condition ? earlyPart(command.condition) : undefined;
  const early = earlyCondition && compileProgram(earlyCondition, layout);
  const recordings = new Recordings();
  const running = new Running();
  warmUpPaths();

  /** The recording that begins at this moment, on its way to its hook. */
  let latest: Recording | undefined;

  function begin(frame: Frame): void {
    if (!hasRoom()) account.skipped.tooManyOpen++;
    else if (until === undefined ? gate.admit() !== undefined : gate.hasRate()) record(frame);
  }

  /** Where the condition can only be asked at the end, which is when the call counts as seen. */
  function beginAnyway(frame: Frame): void {
    const obstacle = !mayHold(frame) ? 'condition' : !hasRoom() ? 'tooManyOpen' : undefined;
    if (obstacle === undefined) return record(frame);
    account.seen++;
    account.skipped[obstacle]++;
  }

  /** What has no value now is told when the whole condition is asked. */
  function mayHold(frame: Frame): boolean {
    if (early === undefined) return true;
    try {
      if (early.needsFilledFrame) fillFrame(frame, layout, account.seen);
      return Boolean(early.evaluate(frame));
    } catch {
      return true;
    }
  }

  function record(frame: Frame): void {
    const request = included.length > 0 ? currentRequest() : undefined;
    latest = new Recording(root, frame, request, { steps: path!.steps, capture });
    recordings.open(latest);
  }

  /** The oldest recording makes room, if it has been open for so long that it may well have no end. */
  function hasRoom(): boolean {
    if (!recordings.isFull) return true;
    const { oldest } = recordings;
    if (oldest === undefined || !(isStale(oldest) || oldest.root.ended !== undefined)) return false;
    forget(oldest, oldest.root.ended === undefined ? 'tooManyOpen' : 'condition');
    return true;
  }

  /** A call of a function that belongs to a recording, if one is under way to which it does. */
  function join(fn: FollowedFunction): RecordedCall | undefined {
    if (recordings.isEmpty) return undefined;
    const request = currentRequest();
    const around = running.call;
    if (around !== undefined && around.recording.request === request)
      return new RecordedCall(around.recording, fn, around.depth + 1);
    const recording = request === undefined ? undefined : recordings.ofRequest(request);
    return recording && new RecordedCall(recording, fn, 1);
  }

  function step(call: RecordedCall, point: number, values: readonly unknown[]): void {
    const { recording } = call;
    recording.step(call, point, values);
    if (point !== until?.pointIndex || call.fn !== untilFunction) return;
    recording.isReached = true;
    if (gate.readsEnd) return;
    if (gate.admit() === undefined) abandon(recording);
    else ship(recording, 'reached', undefined, reached);
  }

  /** The recorded call itself is over. */
  function complete(recording: Recording, how: PathEnd, value: unknown, below: Below): void {
    gate.follow(() => recording.end(recording.root, how, value));
    const comesToIt = until === undefined || recording.isReached;
    // Something that comes later in the request may still reach the second point.
    if (!comesToIt && recording.request !== undefined && !gate.readsEnd) return;
    if (!comesToIt) forget(recording, 'condition');
    else if (account.state !== 'armed') abandon(recording);
    else if (gate.readsEnd) decide(recording, how, value, below);
    else gate.follow(() => ship(recording, how, value, below));
  }

  function decide(recording: Recording, how: PathEnd, value: unknown, below: Below): void {
    const { frame } = recording;
    frame[layout.hits] = 0;
    frame[layout.outcome] = how;
    frame[layout.returned] = how === 'returned' ? value : undefined;
    frame[layout.threw] = how === 'threw' ? value : undefined;
    frame[layout.duration] = monotonicMs() - recording.begunAt;
    gate.pass(frame, below, () => {
      if (gate.admit() !== undefined) ship(recording, how, value, below);
    });
    if (!recording.isOver) abandon(recording);
  }

  function ship(recording: Recording, how: CapturedPath['ended'], value: unknown, below: Below): void {
    const endedAt = monotonicMs();
    const session = openCapture(capture);
    const fields = {
      on: 'end' as const,
      ...(how === 'returned' && { returned: session.variable('$return', value).value }),
      ...(how === 'threw' && { threw: session.variable('$error', value).value }),
      durationMs: endedAt - recording.begunAt,
      path: recording.path(how),
      stack: takeStack(capture.frames, below),
    };
    recordings.close(recording);
    const incomplete = session.incomplete || recording.isIncomplete;
    gate.show({ fields, incomplete }, endedAt - recording.tookMs);
    if (account.captured >= command.limits.hits) gate.disarm('hitLimit');
  }

  function abandon(recording: Recording): void {
    recordings.close(recording);
    gate.charge(recording.tookMs);
  }

  /** It comes to nothing. What a flight recorder recorded was not counted before. */
  function forget(recording: Recording, reason: SkipReason): void {
    abandon(recording);
    if (gate.readsEnd) account.seen++;
    if (isFlightRecorder) account.skipped[reason]++;
  }

  /** All probes of the process pause, or this one was disarmed. */
  function rest(recording: Recording): void {
    if (account.state === 'armed') forget(recording, 'paused');
    else abandon(recording);
  }

  const reached: CallLines['reached'] = (recorded, point, values) => {
    const call = recorded as RecordedCall;
    if (call.recording.isOver) return;
    if (gate.isResting) {
      rest(call.recording);
      return;
    }
    running.goOn(call);
    gate.follow(() => step(call, point, values));
  };

  const endOf = (how: PathEnd): ((call: unknown, value?: unknown) => void) => {
    const hook = (ended: unknown, value?: unknown): void => {
      const call = ended as RecordedCall;
      const { recording } = call;
      running.leave(call);
      if (recording.isOver) return;
      if (call === recording.root) complete(recording, how, value, hook);
      else gate.follow(() => recording.end(call, how, value));
    };
    return hook;
  };

  const following = (fn: FollowedFunction, entered: CallHook['entered']): CallHook => ({
    entered,
    lines: { points: fn.hooks, reached },
    suspended: (call) => running.leave(call as RecordedCall),
    resumed: (call) => running.goOn(call as RecordedCall),
    returned: endOf('returned'),
    threw: endOf('threw'),
    ended: endOf('ended'),
  });

  /** What a barrier keeps from the program's call that begins. */
  function guarded(enter: () => RecordedCall | undefined): RecordedCall | undefined {
    let call: RecordedCall | undefined;
    gate.follow(() => {
      call = enter();
      if (call !== undefined) running.enter(call);
    });
    return call;
  }

  const hook = following(root, function entered(values): RecordedCall | undefined {
    const joined = followsItself ? guarded(() => join(root)) : undefined;
    if (joined !== undefined) return joined;
    const frame = copyParameters(values, layout);
    latest = undefined;
    if (!gate.readsEnd) gate.pass(frame, entered, begin);
    else if (gate.expects()) gate.follow(() => beginAnyway(frame));
    const begun = latest as Recording | undefined;
    latest = undefined;
    if (begun !== undefined) running.enter(begun.root);
    return begun?.root;
  });

  return {
    plugs: [
      { on: 'call', at: place, hook },
      ...others.map((fn) => ({
        on: 'call' as const,
        at: fn.place,
        hook: following(fn, () => guarded(() => join(fn))),
      })),
    ],

    settle: function settle() {
      running.leaveAll();
      for (const recording of recordings.list()) {
        // The event loop has turned, so a synchronous call is over: with an error that could not be seen.
        if (recording.root.ended === undefined && path.root.synchronous)
          complete(recording, 'ended', undefined, settle);
        else if (recording.root.ended !== undefined && isStale(recording)) forget(recording, 'condition');
      }
    },

    /** What runs while the process exits is shown as far as it came. */
    flush: function flush() {
      for (const recording of recordings.list()) {
        if (account.state === 'armed' && recording.root.ended === undefined)
          complete(recording, 'ended', undefined, flush);
        recordings.close(recording);
      }
    },
  };
};

const isStale = ({ begunAt }: Recording): boolean => monotonicMs() - begunAt >= PATH_LIMITS.patienceMs;

interface Address {
  readonly file: string;
  readonly functionIndex: number;
}

const isSameFunction = (one: Address, other: Address): boolean =>
  one.file === other.file && one.functionIndex === other.functionIndex;
