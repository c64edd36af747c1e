import type {
  CapturedPath,
  CaptureLimits,
  PathCall,
  PathEnd,
  PathFunction,
  PathStep,
  StepPoint,
} from '@dormouse/protocol';
import type { RequestIdentity } from '../../context/slot.js';
import { mapGet, mapSet, monotonicMs, openMap, round } from '../../intrinsics.js';
import type { Frame } from '../frame.js';
import { mapList } from '../list.js';
import type { DraftStep } from './draft-step.js';
import type { FollowedFunction } from './followed-function.js';
import { RecordedCall } from './recorded-call.js';
import { Ring } from './ring.js';
import { Room } from './room.js';

/** One call, while its steps are recorded. */
export class Recording {
  /** As the call began: `this` and the parameters. */
  readonly frame: Frame;
  /** Monotonic ms. */
  readonly begunAt: number;
  /** Undefined where it is not known. */
  readonly request: RequestIdentity | undefined;
  readonly root: RecordedCall;
  /** What recording has taken so far, ms. */
  tookMs = 0;
  /** No more steps are recorded. */
  isOver = false;
  /** The second point of its probe was reached. */
  isReached = false;

  readonly #ring: Ring<DraftStep>;
  readonly #room: Room;

  constructor(
    fn: FollowedFunction,
    frame: Frame,
    request: RequestIdentity | undefined,
    { steps, capture }: { readonly steps: number; readonly capture: CaptureLimits },
  ) {
    this.frame = frame;
    this.request = request;
    this.root = new RecordedCall(this, fn, 0);
    this.#ring = new Ring(steps);
    this.#room = new Room(capture);
    this.begunAt = monotonicMs();
  }

  get isIncomplete(): boolean {
    return this.#room.isIncomplete || this.#ring.omitted !== undefined;
  }

  /** A call of the recording is about to run the statement at a point. @param values what its hook passes */
  step(call: RecordedCall, point: number, values: readonly unknown[]): void {
    const now = monotonicMs();
    const at = call.fn.points[point] as StepPoint;
    const step: DraftStep = {
      call,
      point: at,
      us: this.#usAt(now),
      arm: undefined,
      enters: undefined,
      changed: undefined,
      bytes: 0,
      nodes: 0,
    };
    this.#room.openStep(step, this.#ring.isInHead ? 0.5 : 1, now);
    call.branches.reached(point, step);
    step.changed = call.variables.news(at, values, this.#room);
    const dropped = this.#ring.add(step);
    if (dropped !== undefined) this.#drop(dropped);
    this.tookMs += monotonicMs() - now;
  }

  /** One of its calls is over. */
  end(call: RecordedCall, how: PathEnd, value: unknown): void {
    if (how === 'returned') call.branches.returned();
    // What the root returned or threw is shown in full by whoever ships the recording.
    const isShown = call !== this.root && how !== 'ended';
    const shown = isShown ? this.#room.capture(RESULT_NAMES[how], value, undefined)?.value : undefined;
    call.ended = { how, us: this.#usAt(monotonicMs()), value: shown };
  }

  /** Nothing more is recorded, and its room is free for others. */
  close(): void {
    this.isOver = true;
    this.#room.close();
    this.#ring.clear();
  }

  path(ended: CapturedPath['ended']): CapturedPath {
    const calls = new Table<RecordedCall>();
    const functions = new Table<FollowedFunction>();
    calls.indexOf(this.root);
    const steps: PathStep[] = [];
    const { omitted } = this.#ring;
    for (let index = 0; index < this.#ring.length; index++) {
      const step = this.#ring.at(index);
      const isBehindGap = omitted !== undefined && index >= omitted.before;
      steps[index] = showStep(step, calls.indexOf(step.call), isBehindGap);
    }
    const shownCalls = mapList(calls.items, (call) => showCall(call, functions.indexOf(call.fn)));
    return {
      functions: mapList(functions.items, showFunction),
      calls: shownCalls,
      steps,
      ...(omitted !== undefined && { omitted }),
      ended,
    };
  }

  #drop(step: DraftStep): void {
    this.#room.dropStep(step);
    if (step.changed !== undefined) step.call.leaveOut(step.changed);
  }

  #usAt(now: number): number {
    return round((now - this.begunAt) * 10_000) / 10;
  }
}

const RESULT_NAMES = { returned: '$return', threw: '$error' } as const;

/** Gives each item a number when it is first asked for. */
class Table<Item> {
  readonly items: Item[] = [];
  readonly #indices = openMap<Item, number>();

  indexOf(item: Item): number {
    const known = mapGet(this.#indices, item);
    if (known !== undefined) return known;
    const index = this.items.length;
    this.items[index] = item;
    mapSet(this.#indices, item, index);
    return index;
  }
}

function showStep(step: DraftStep, call: number, isBehindGap: boolean): PathStep {
  const { point, us, arm, enters } = step;
  const changed = isBehindGap ? step.call.takeLeftOut(step.changed) : step.changed;
  return {
    call,
    line: point.line,
    column: point.column,
    us,
    ...(arm !== undefined && { arm }),
    ...(enters !== undefined && { enters }),
    ...(changed !== undefined && { changed }),
  };
}

function showCall({ depth, ended }: RecordedCall, fn: number): PathCall {
  if (ended === undefined) return { function: fn, depth };
  const { how, us, value } = ended;
  return {
    function: fn,
    depth,
    ended: how,
    us,
    ...(value !== undefined && how === 'returned' && { returned: value }),
    ...(value !== undefined && how === 'threw' && { threw: value }),
  };
}

const showFunction = ({ place }: FollowedFunction): PathFunction => ({
  name: place.function,
  source: place.source,
});
