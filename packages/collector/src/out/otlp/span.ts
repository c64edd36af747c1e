import type { CapturedSpan, CaptureView } from '@dormouse/protocol';
import { SpanKind, SpanStatusCode, TraceFlags, type SpanContext } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { attributesOf } from './attributes.js';
import { SCOPE } from './scope.js';
import { hrTime } from './time.js';

const STATUSES: Readonly<Record<CapturedSpan['status'], SpanStatusCode>> = {
  ok: SpanStatusCode.OK,
  error: SpanStatusCode.ERROR,
  unset: SpanStatusCode.UNSET,
};

/**
 * The span of one call, below the one that its request came with. Nothing for what the program's own tracer has
 * recorded: it sends that itself.
 */
export function readableSpan(capture: CaptureView, resource: Resource): ReadableSpan | undefined {
  const { span } = capture;
  if (span === undefined || span.recorder === 'opentelemetry') return undefined;
  const { traceId, spanId, parentSpanId, startedAt, durationMs } = span;
  const context: SpanContext = { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
  return {
    name: span.name,
    kind: SpanKind.INTERNAL,
    spanContext: () => context,
    ...(parentSpanId !== undefined && {
      parentSpanContext: { ...context, spanId: parentSpanId, isRemote: true },
    }),
    startTime: hrTime(startedAt),
    endTime: hrTime(startedAt + durationMs),
    duration: hrTime(durationMs),
    status: {
      code: STATUSES[span.status],
      ...(span.error !== undefined && { message: span.error }),
    },
    attributes: { ...span.attributes, ...attributesOf(capture), 'dormouse.capture.id': capture.id },
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
