import type { CapturedValue, CaptureView, MetricSeries, ProbeView } from '@dormouse/protocol';
import { mentioned } from './mentioned.js';
import { grouped } from './number.js';
import { inline, partsOf } from './value.js';

/** Characters of one line's summary; the rest is seen when it is opened. */
const LONGEST = 400;

/**
 * A capture in one line: a log's text, what a call came to, or the variables.
 * @param probe the variables that it asks about come first
 */
export function gist(capture: CaptureView, probe?: ProbeView): string {
  const text = whole(capture, probe);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function whole(capture: CaptureView, probe: ProbeView | undefined): string {
  const { message, span, path, metric, threw, returned, durationMs, watches = [] } = capture;
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
  return [...outcome, ...watched, ...variables(capture, probe)].join('  ');
}

/** Those that tell captures of one line apart come first: what the probe asks about, then what is a word or a number. */
function variables(capture: CaptureView, probe: ProbeView | undefined): readonly string[] {
  const asked = mentioned(probe?.expect ?? probe?.condition ?? '', capture);
  const others = (capture.locals ?? []).filter(({ key }) => !asked.has(key));
  const ordered = others.toSorted((a, b) => Number(isLarge(a.value)) - Number(isLarge(b.value)));
  return [...asked, ...ordered.map(({ key, value }) => [key, value] as const)].map(
    ([name, value]) => `${name}: ${inline(value, 1)}`,
  );
}

const isLarge = (value: CapturedValue): boolean => partsOf(value).length > 0;

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
