import { PATH_LIMITS, type CapturedPath, type PathEnd, type SkipReason } from '@dormouse/protocol';
import { openCapture } from '../../capture/session.js';
import { currentRequest } from '../../context/current.js';
import { monotonicMs } from '../../intrinsics.js';
import { takeStack } from '../../stack/stack.js';
import type { Below } from '../evidence.js';
import type { Frame } from '../frame.js';
import { compileEarlyPart } from '../path/early-part.js';
import { followedFunction, type FollowedFunction } from '../path/followed-function.js';
import { Follower } from '../path/follower.js';
import { RecordedCall } from '../path/recorded-call.js';
import { Recording } from '../path/recording.js';
import { Recordings } from '../path/recordings.js';
import { warmUpPaths } from '../path/warm-up.js';
import { copyParameters } from '../plug.js';
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
  const mayHold = compileEarlyPart(command.condition, layout);
  const recordings = new Recordings();
  warmUpPaths();

  /** The recording that begins at this moment, on its way to its hook. */
  let latest: Recording | undefined;

  function begin(frame: Frame): void {
    if (!hasRoom()) account.skipped.tooManyOpen++;
    else if (until === undefined ? gate.admit() !== undefined : gate.hasRate()) record(frame);
  }

  /** Where the condition can only be asked at the end, which is when the call counts as seen. */
  function beginAnyway(frame: Frame): void {
    const obstacle = !mayHold(frame, account.seen) ? 'condition' : !hasRoom() ? 'tooManyOpen' : undefined;
    if (obstacle === undefined) return record(frame);
    account.seen++;
    account.skipped[obstacle]++;
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
    const around = follower.running.call;
    if (around !== undefined && around.recording.request === request)
      return around.depth < MOST_DEPTH ? new RecordedCall(around.recording, fn, around.depth + 1) : undefined;
    const recording = request === undefined ? undefined : recordings.ofRequest(request);
    return recording && new RecordedCall(recording, fn, 1);
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
    if (gate.isSpent) gate.disarm('hitLimit');
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

  const follower = new Follower(gate, {
    reached(call, point, values, below) {
      const { recording } = call;
      recording.step(call, point, values);
      if (point !== until?.pointIndex || call.fn !== untilFunction) return;
      recording.isReached = true;
      if (gate.readsEnd) return;
      if (gate.admit() === undefined) abandon(recording);
      else ship(recording, 'reached', undefined, below);
    },

    ended(call, how, value, below) {
      const { recording } = call;
      if (call === recording.root) complete(recording, how, value, below);
      else gate.follow(() => recording.end(call, how, value));
    },

    rested({ recording }) {
      if (account.state === 'armed') forget(recording, 'paused');
      else abandon(recording);
    },
  });

  /** Finding out which request is handled asks the program's OpenTelemetry. */
  function joinGuarded(fn: FollowedFunction): RecordedCall | undefined {
    let call: RecordedCall | undefined;
    gate.follow(() => (call = join(fn)));
    return call;
  }

  function beginAt(values: readonly unknown[], below: Below): RecordedCall | undefined {
    const frame = copyParameters(values, layout);
    latest = undefined;
    if (!gate.readsEnd) gate.pass(frame, below, begin);
    else if (gate.expects()) gate.follow(() => beginAnyway(frame));
    const begun = latest as Recording | undefined;
    latest = undefined;
    return begun?.root;
  }

  const hook = follower.hook(
    root,
    (values, below) => (followsItself ? joinGuarded(root) : undefined) ?? beginAt(values, below),
  );

  return {
    plugs: [
      { on: 'call', at: place, hook },
      ...others.map((fn) => ({
        on: 'call' as const,
        at: fn.place,
        hook: follower.hook(fn, () => joinGuarded(fn)),
      })),
    ],

    settle: function settle() {
      follower.running.leaveAll();
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

/**
 * Recorded calls around a recorded call. A synchronous loop whose calls end unseen seems to go deeper with each of them: it must
 * not fill the memory.
 */
const MOST_DEPTH = 1_000;

const isStale = ({ begunAt }: Recording): boolean => monotonicMs() - begunAt >= PATH_LIMITS.patienceMs;

interface Address {
  readonly file: string;
  readonly functionIndex: number;
}

const isSameFunction = (one: Address, other: Address): boolean =>
  one.file === other.file && one.functionIndex === other.functionIndex;
