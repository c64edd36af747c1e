import type { ProbeCommand } from '@dormouse/protocol';

/**
 * The values of one hit. A woven hook passes `[this, …locals, thunk?]`; filled, the same array is
 * `[this, …locals, …outers, $hits]`.
 */
export type Frame = unknown[];

/** Stands for each outer variable of a point while one of them is not initialised: the thunk throws for all. */
export const UNINITIALISED = Symbol('uninitialised');

/** Which slots of a filled frame hold what, for one point. */
export interface FrameLayout {
  /** Variables and specials by name; an inner variable hides an outer one. */
  readonly slots: ReadonlyMap<string, number>;
  readonly outers: readonly string[];
  readonly firstOuter: number;
  readonly hits: number;
}

export function layOutFrame({ self, locals, outers }: ProbeCommand): FrameLayout {
  const firstOuter = 1 + locals.length;
  const hits = firstOuter + outers.length;
  const slots = new Map<string, number>();
  outers.forEach((name, index) => slots.set(name, firstOuter + index));
  locals.forEach((name, index) => slots.set(name, 1 + index));
  if (self) slots.set('this', 0);
  slots.set('$hits', hits);
  return { slots, outers, firstOuter, hits };
}

/** Reads the outer variables through the hook's thunk and adds the specials; once per hit. */
export function fillFrame(frame: Frame, layout: FrameLayout, hits: number): void {
  if (frame.length > layout.hits) return;
  const count = layout.outers.length;
  if (count > 0) {
    const values = readOuters(frame[layout.firstOuter] as () => readonly unknown[]);
    for (let index = 0; index < count; index++) {
      frame[layout.firstOuter + index] = values === undefined ? UNINITIALISED : values[index];
    }
  }
  frame[layout.hits] = hits;
}

function readOuters(thunk: () => readonly unknown[]): readonly unknown[] | undefined {
  try {
    return thunk();
  } catch {
    return undefined;
  }
}
