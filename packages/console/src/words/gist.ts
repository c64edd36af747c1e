import type { CaptureView, MetricSeries } from '@dormouse/protocol';
import { grouped } from './number.js';
import { inline } from './value.js';

/** Characters of one line's summary; the rest is seen when it is opened. */
const LONGEST = 400;

/** A capture in one line: a log's text, what a call came to, or the variables. */
export function gist(capture: CaptureView): string {
  const text = whole(capture);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function whole(capture: CaptureView): string {
  const { message, span, path, metric, threw, returned, durationMs, watches = [], locals = [] } = capture;
  if (message !== undefined) return message;
  if (span !== undefined)
    return `${span.name} ${duration(span.durationMs)} ${span.status === 'error' ? (span.error ?? 'failed') : ''}`;
  if (path !== undefined) return `${path.steps.length + (path.omitted?.count ?? 0)} steps, ${path.ended}`;
  if (metric !== undefined) return metric.series.map(hitsIn).join(', ');
  const outcome = [
    ...(threw === undefined ? [] : [`threw ${inline(threw, 1)}`]),
    ...(returned === undefined ? [] : [`returned ${inline(returned, 1)}`]),
    ...(durationMs === undefined ? [] : [`after ${duration(durationMs)}`]),
  ];
  const watched = watches.map(
    ({ source, value, error }) => `${source}: ${value === undefined ? error : inline(value, 1)}`,
  );
  const variables = locals.map(({ key, value }) => `${key}: ${inline(value, 1)}`);
  return [...outcome, ...watched, ...variables].join('  ');
}

/** `retail returned 12×` */
const hitsIn = ({ key, other, outcome, count }: MetricSeries): string =>
  [...(other === true ? ['other keys'] : []), key, outcome, `${grouped(count)}×`]
    .filter((part) => part !== undefined)
    .join(' ');

/** `1.24 ms`, `3.2 s` */
export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 1_000) return `${Number(ms.toPrecision(3))} ms`;
  return `${Number((ms / 1_000).toPrecision(3))} s`;
}
