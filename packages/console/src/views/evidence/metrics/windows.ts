import type { CaptureView, MetricSeries, MetricWindow } from '@dormouse/protocol';

/** Windows leave once a second and take a moment to arrive: what is younger is not known yet, seconds. */
const LATE_S = 2;

/** A second of a metric, of all processes together. */
export interface Second {
  /** Since 1970. */
  readonly at: number;
  /** The series of windows that its middle is in. */
  readonly series: readonly MetricSeries[];
  /** The same with the part of each window that is in it: windows do not begin with seconds. */
  readonly shares: readonly (readonly [series: MetricSeries, share: number])[];
}

/** The last so many seconds that all windows have arrived of, without gaps. @param nowMs since 1970 */
export function secondsOf(windows: readonly CaptureView[], spanS: number, nowMs: number): readonly Second[] {
  const begin = Math.floor(nowMs / 1_000) - LATE_S - spanS + 1;
  const seconds = Array.from({ length: spanS }, (_, index) => ({
    at: begin + index,
    series: [] as MetricSeries[],
    shares: [] as (readonly [MetricSeries, number])[],
  }));
  for (const { metric } of windows) {
    if (metric === undefined) continue;
    for (const second of secondsIn(metric)) seconds[second - begin]?.series.push(...metric.series);
    for (const [second, share] of sharesOf(metric))
      seconds[second - begin]?.shares.push(...metric.series.map((series) => [series, share] as const));
  }
  return seconds;
}

/** Every number of windows that were in these seconds, once: a window may be longer than a second. */
export function seriesOf(
  windows: readonly CaptureView[],
  seconds: readonly Second[],
): readonly MetricSeries[] {
  const [first, last] = [seconds[0]!.at, seconds.at(-1)!.at];
  return windows.flatMap(({ metric }) => {
    if (metric === undefined) return [];
    const middle = middleOf(metric);
    return middle < first || middle > last ? [] : metric.series;
  });
}

const middleOf = ({ from, to }: MetricWindow): number => Math.floor((from + to) / 2_000);

/** The seconds whose middle is in a window; of a short one that has none, the second that it is in. */
function secondsIn(window: MetricWindow): readonly number[] {
  const first = Math.ceil(window.from / 1_000 - 0.5);
  const beyond = Math.ceil(window.to / 1_000 - 0.5);
  if (beyond <= first) return [middleOf(window)];
  return Array.from({ length: beyond - first }, (_, index) => first + index);
}

/** The seconds that a window is in, each with its part of the window. */
function sharesOf({ from, to }: MetricWindow): (readonly [second: number, share: number])[] {
  const first = Math.floor(from / 1_000);
  const last = Math.max(first, Math.ceil(to / 1_000) - 1);
  if (to <= from) return [[first, 1]];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const second = first + index;
    const inside = Math.min(to, (second + 1) * 1_000) - Math.max(from, second * 1_000);
    return [second, inside / (to - from)] as const;
  });
}
