import type { ProbeEvent, ProbePlace } from '@dormouse/protocol';

/**
 * The values of one hit. A line's hook passes `[this, …locals, thunk?, call?]`; filled, the same array is
 * `[this, …locals, …outers, $hits]`. The frame of a call is made filled, and has what the call ended with behind that.
 */
export type Frame = unknown[];

/** Stands for each outer variable of a point while one of them is not initialised: the thunk throws for all. */
export const UNINITIALISED = Symbol('uninitialised');

/** Which slots of a filled frame hold what, for one place. */
export interface FrameLayout {
  /** Variables and specials by name; an inner variable hides an outer one. */
  readonly slots: ReadonlyMap<string, number>;
  readonly locals: number;
  readonly outers: readonly string[];
  readonly firstOuter: number;
  readonly hits: number;
  /** Calls: how they ended, with what, after how many ms, and how many of these they are known to have waited. */
  readonly outcome: number;
  readonly returned: number;
  readonly threw: number;
  readonly duration: number;
  readonly waited: number;
  /** Calls that are followed line by line: the last point that was reached, and what it handed over. */
  readonly lastPoint: number;
  readonly lastValues: number;
  /** `$ctx`, which a program that reads it fills in. */
  readonly context: number;
}

export type Outcome = 'returned' | 'threw' | 'ended';

/** @param event how much of a call's end expressions may read; default: as much as the place waits for */
export function layOutFrame(place: ProbePlace, event: ProbeEvent = place.on): FrameLayout {
  const { locals, self } = place;
  const outers = place.on === 'line' ? place.outers : [];
  const firstOuter = 1 + locals.length;
  const hits = firstOuter + outers.length;
  const layout = {
    locals: locals.length,
    outers,
    firstOuter,
    hits,
    outcome: hits + 1,
    returned: hits + 2,
    threw: hits + 3,
    duration: hits + 4,
    waited: hits + 5,
    lastPoint: hits + 6,
    lastValues: hits + 7,
    context: hits + 8,
  };
  const slots = new Map<string, number>();
  outers.forEach((name, index) => slots.set(name, firstOuter + index));
  locals.forEach((name, index) => slots.set(name, 1 + index));
  if (self) slots.set('this', 0);
  slots.set('$hits', hits);
  slots.set('$ctx', layout.context);
  if (event === 'return' || event === 'end') slots.set('$return', layout.returned);
  if (event === 'throw' || event === 'end') slots.set('$error', layout.threw);
  if (event !== 'line' && event !== 'entry') slots.set('$duration', layout.duration);
  return { slots, ...layout };
}

/** Reads the outer variables through the hook's thunk, once per hit, and adds the number of the hit. */
export function fillFrame(frame: Frame, layout: FrameLayout, hits: number): void {
  const count = layout.outers.length;
  if (count > 0 && !isFilled(frame, layout)) {
    const values = readOuters(frame[layout.firstOuter] as () => readonly unknown[]);
    for (let index = 0; index < count; index++) {
      frame[layout.firstOuter + index] = values === undefined ? UNINITIALISED : values[index];
    }
  }
  frame[layout.hits] = hits;
}

/** What stands in the slot of the hits until then is the call, or nothing. */
function isFilled(frame: Frame, { hits }: FrameLayout): boolean {
  return frame.length > hits && typeof frame[hits] === 'number';
}

/** Undefined while one of them is not initialised. */
export function readOuters(thunk: () => readonly unknown[]): readonly unknown[] | undefined {
  try {
    return thunk();
  } catch {
    return undefined;
  }
}
