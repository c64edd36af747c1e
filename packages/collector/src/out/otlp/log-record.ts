import { API_PREFIX, type CaptureView, type LogLevel } from '@dormouse/protocol';
import {
  SeverityNumber,
  TraceFlags,
  type AnyValue,
  type Attributes,
  type SpanContext,
} from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { AnyValues, type AnyValueMap } from './any-value.js';
import { attributesOfHit } from './attributes.js';
import { SCOPE } from './scope.js';
import { hrTime } from './time.js';

const SEVERITIES: Readonly<Record<LogLevel, SeverityNumber>> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};

/** What the captures of each kind are called; other kinds are no logs. */
const EVENTS: Readonly<Partial<Record<CaptureView['kind'], string>>> = {
  log: 'dormouse.log',
  snapshot: 'dormouse.snapshot',
  check: 'dormouse.violation',
  tag: 'dormouse.tag',
  path: 'dormouse.path',
};

/**
 * The log record of one hit; nothing where its kind goes out as something else.
 * @param publicUrl where people find the collector
 */
export function logRecord(
  capture: CaptureView,
  resource: Resource,
  publicUrl?: string,
): ReadableLogRecord | undefined {
  const eventName = EVENTS[capture.kind];
  if (eventName === undefined) return undefined;
  const level = capture.kind === 'check' ? 'warn' : (capture.level ?? 'info');
  const spanContext = spanContextOf(capture);
  return {
    eventName,
    hrTime: hrTime(capture.at),
    hrTimeObserved: hrTime(capture.receivedAt),
    severityNumber: SEVERITIES[level],
    severityText: level.toUpperCase(),
    ...(spanContext !== undefined && { spanContext }),
    body: bodyOf(capture),
    attributes: {
      ...capture.attributes,
      ...attributesOfHit(capture),
      ...exceptionOf(capture),
      ...linkTo(capture, publicUrl),
    },
    droppedAttributesCount: 0,
    resource,
    instrumentationScope: SCOPE,
  };
}

function spanContextOf({ traceId, spanId = '' }: CaptureView): SpanContext | undefined {
  return traceId === undefined ? undefined : { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
}

/** A log's text; of all others, the values by name. */
function bodyOf({ message, self, locals = [], outers = [], watches = [], returned }: CaptureView): AnyValue {
  if (message !== undefined) return message;
  const values = new AnyValues();
  const body: AnyValueMap = {
    ...(self !== undefined && { this: values.of(self) }),
    ...values.members([...outers, ...locals]),
  };
  for (const { source, value, error = '' } of watches) {
    body[source] = value === undefined ? `‹${error}›` : values.of(value);
  }
  return returned === undefined ? body : { ...body, '‹returned›': values.of(returned) };
}

/** Where all of it is. */
const linkTo = ({ id }: CaptureView, publicUrl: string | undefined): Attributes =>
  publicUrl === undefined ? {} : { 'dormouse.capture.url': `${publicUrl}${API_PREFIX}/captures/${id}` };

/** @see https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/ */
function exceptionOf({ threw }: CaptureView): Attributes {
  if (threw === undefined) return {};
  if (threw.type !== 'error') return { 'exception.message': String(new AnyValues().of(threw, 0)) };
  return {
    'exception.type': threw.class,
    'exception.message': threw.message,
    ...(threw.stack !== undefined && { 'exception.stacktrace': threw.stack }),
  };
}
