import type { TraceItem } from './trace-tree.js';

/** A stretch of time, ms since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** From the first begin to the last end; a moment is made a stretch, so that there is something to divide by. */
export function extentOf(items: readonly TraceItem[]): Stretch {
  const from = Math.min(...items.map(({ startedAt }) => startedAt));
  const to = Math.max(...items.map(({ endedAt }) => endedAt));
  return { from, to: Math.max(to, from + 0.001) };
}

/** Where a time is between the ends of a scale, in percent. */
export const placeOn = ({ from, to }: Stretch, at: number): number => ((at - from) / (to - from)) * 100;

/** What of an item's time was not inside of one of its children: where nothing is known but that it went on, or waited. */
export function ownTimes({ startedAt, endedAt, children }: TraceItem): readonly Stretch[] {
  const own: Stretch[] = [];
  let at = startedAt;
  for (const child of children) {
    if (child.startedAt > at) own.push({ from: at, to: Math.min(child.startedAt, endedAt) });
    at = Math.max(at, child.endedAt);
    if (at >= endedAt) return own;
  }
  return [...own, { from: at, to: endedAt }];
}

/** Parts of a scale that are told apart when steps are drawn on it. */
const PLACES = 400;

/** When a recorded path took its steps, those that would stand at one place once: what is between them is where it waited. */
export function stepTimes({ capture, startedAt }: TraceItem, { from, to }: Stretch): readonly number[] {
  const place = (to - from) / PLACES;
  const places = (capture?.path?.steps ?? []).map(({ us }) =>
    Math.round((startedAt + us / 1_000 - from) / place),
  );
  return [...new Set(places)].map((index) => from + index * place);
}

/** Round times for marks on a scale of so many ms, at most six. */
export function marksFor(lengthMs: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(lengthMs / 5));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => lengthMs / size <= 5) ?? lengthMs;
  return Array.from({ length: Math.floor(lengthMs / step + 1e-9) + 1 }, (_, index) => index * step);
}
