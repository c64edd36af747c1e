import {
  LIMITS,
  MAX_CAPTURE_LIMITS,
  type Capture,
  type CapturedLine,
  type CapturedPath,
  type CapturedProperty,
  type CapturedSpan,
  type CapturedValue,
  type MetricWindow,
  type SpanAttributes,
  type StackFrame,
  type TrailCall,
  type WatchResult,
} from '@dormouse/protocol';
import {
  capturedSpan,
  MESSAGE_LENGTH,
  requestContext,
  SPAN_ID,
  spanAttributes,
  TRACE_ID,
} from '../schemas/capture.js';
import { metricWindow } from '../schemas/metric.js';
import { pathOutline } from '../schemas/path.js';
import { callEvent, logLevel, probeKind } from '../schemas/probe.js';
import { MAX_TEXT } from '../schemas/text.js';
import type { Hiding } from './hide.js';
import {
  anyText,
  by,
  count,
  flag,
  list,
  matching,
  measure,
  name,
  oneOf,
  position,
  record,
  text,
  time,
  whole,
  type Reader,
} from './readers.js';
import { ValueReader } from './values.js';

/** Reads what a capture is made of, and hides in it what is to be hidden. */
export interface CaptureReaders {
  readonly capture: Reader<Capture>;
  readonly line: Reader<CapturedLine>;
}

/** What `schemas/capture.ts` says of captures, said once more and with the hiding: a test holds the two to the same answers. */
export function captureReaders(hiding: Hiding): CaptureReaders {
  const values = new ValueReader(hiding);
  const value: Reader<CapturedValue> = (raw) => values.value(raw);
  const properties: Reader<CapturedProperty[]> = (raw) => values.properties(raw);
  const shown = (most: number): Reader<string> => {
    const read = text(most);
    return (raw) => hiding.text(read(raw));
  };
  const attributes =
    <Attributes extends SpanAttributes>(read: Reader<Attributes>): Reader<Attributes> =>
    (raw) =>
      hiding.attributes(read(raw)) as Attributes;

  const line = record<CapturedLine>(
    { line: position, column: position, locals: properties },
    { self: value, outers: properties },
  );
  const frame = record<StackFrame>(
    { function: anyText, file: anyText, line: count, column: count },
    { async: flag },
  );
  const watch = record<WatchResult>(
    { source: text(LIMITS.expressionLength) },
    { value, error: shown(MAX_TEXT) },
  );
  const call = record<TrailCall>({ file: name, functionIndex: count, waits: flag }, { at: line });
  const capture = record<Capture>(
    { id: name, probe: name, kind: oneOf(probeKind.options), at: time, hit: whole(1), tookUs: measure() },
    {
      message: shown(MESSAGE_LENGTH),
      level: oneOf(logLevel.options),
      on: oneOf(callEvent.options),
      returned: value,
      threw: value,
      durationMs: measure(),
      self: value,
      locals: properties,
      outers: properties,
      watches: list(watch, LIMITS.watches),
      stack: list(frame, MAX_CAPTURE_LIMITS.frames),
      lastLine: line,
      trail: list(call, MAX_CAPTURE_LIMITS.frames),
      metric: (raw) => hideInMetric(readMetric(raw), hiding),
      traceId: matching(TRACE_ID),
      spanId: matching(SPAN_ID),
      context: attributes(readContext),
      span: (raw) => hideInSpan(readSpan(raw), hiding),
      path: (raw) => hideInPath(readPath(raw), value, properties),
      attributes: attributes(readAttributes),
    },
  );
  return { capture, line };
}

const readMetric = by<MetricWindow>(metricWindow);
const readContext = by<Record<string, string>>(requestContext);
const readSpan = by<CapturedSpan>(capturedSpan);
const readPath = by<CapturedPath>(pathOutline);
const readAttributes = by<SpanAttributes>(spanAttributes);

const hideInMetric = (metric: MetricWindow, hiding: Hiding): MetricWindow => ({
  ...metric,
  series: metric.series.map((series) =>
    series.key === undefined ? series : { ...series, key: hiding.text(series.key) },
  ),
});

const hideInSpan = (span: CapturedSpan, hiding: Hiding): CapturedSpan => ({
  ...span,
  ...(span.error !== undefined && { error: hiding.text(span.error) }),
  attributes: hiding.attributes(span.attributes),
});

/** @param path whose values are unknown */
function hideInPath(
  { calls, steps, ...path }: CapturedPath,
  value: Reader<CapturedValue>,
  properties: Reader<CapturedProperty[]>,
): CapturedPath {
  return {
    ...path,
    calls: calls.map(({ returned, threw, ...call }) => ({
      ...call,
      ...(returned !== undefined && { returned: value(returned) }),
      ...(threw !== undefined && { threw: value(threw) }),
    })),
    steps: steps.map(({ changed, ...step }) => ({
      ...step,
      ...(changed !== undefined && { changed: properties(changed) }),
    })),
  };
}
