import { z } from 'zod';
import {
  MAX_CAPTURE_LIMITS,
  LIMITS,
  type Capture,
  type CapturedSpan,
  type CaptureView,
  type TrailCall,
} from '@dormouse/protocol';
import { capturedProperty, capturedValue } from './captured-value.js';
import { metricWindow } from './metric.js';
import { capturedPath } from './path.js';
import { callEvent, probeKind, logLevel, resolvedLocation } from './probe.js';
import { count, longName, name, position, text, time } from './text.js';

const spanAttributes = z.record(name, z.union([text, z.number(), z.boolean()]));
const traceId = z.string().regex(/^[\da-f]{32}$/);
const spanId = z.string().regex(/^[\da-f]{16}$/);

const capturedSpan = z
  .object({
    recorder: z.enum(['opentelemetry', 'dormouse']).meta({
      description: '`opentelemetry`: the program’s own tracer has it too.',
    }),
    traceId,
    spanId,
    parentSpanId: spanId.exactOptional(),
    name: longName,
    startedAt: time,
    durationMs: z.number().min(0),
    status: z.enum(['ok', 'error', 'unset']),
    error: text.exactOptional(),
    attributes: spanAttributes,
  })
  .meta({ description: 'One call, as a span of its request’s trace.' }) satisfies z.ZodType<CapturedSpan>;

const capturedLine = {
  line: position,
  column: position,
  self: capturedValue.exactOptional(),
  locals: z.array(capturedProperty),
  outers: z.array(capturedProperty).exactOptional(),
};

/** What agents send and the API shows of a hit. */
const shown = z.object({
  id: name,
  probe: name,
  kind: probeKind,
  at: time,
  hit: z.int().min(1),
  tookUs: z.number().min(0),
  message: z
    .string()
    .max(2 * LIMITS.messageLength)
    .exactOptional(),
  level: logLevel.exactOptional(),
  on: callEvent.exactOptional(),
  returned: capturedValue.exactOptional(),
  threw: capturedValue.exactOptional(),
  durationMs: z.number().min(0).exactOptional(),
  self: capturedValue.exactOptional(),
  locals: z.array(capturedProperty).exactOptional(),
  outers: z.array(capturedProperty).exactOptional(),
  watches: z
    .array(
      z.object({
        source: z.string().max(LIMITS.expressionLength),
        value: capturedValue.exactOptional(),
        error: text.exactOptional(),
      }),
    )
    .max(LIMITS.watches)
    .exactOptional(),
  stack: z
    .array(
      z.object({
        function: z.string(),
        file: z.string(),
        line: count,
        column: count,
        async: z.boolean().exactOptional(),
      }),
    )
    .max(MAX_CAPTURE_LIMITS.frames)
    .exactOptional(),
  lastLine: z
    .object(capturedLine)
    .meta({ description: 'Of a call’s end: the last line that it ran, and its variables then.' })
    .exactOptional(),
  metric: metricWindow.exactOptional(),
  traceId: traceId.exactOptional(),
  spanId: spanId.exactOptional(),
  context: z
    .record(name, text)
    .meta({ description: 'Attributes of the request, secrets redacted.' })
    .exactOptional(),
  span: capturedSpan.exactOptional(),
  path: capturedPath.exactOptional(),
  attributes: spanAttributes.meta({ description: 'Tags: what was set on the active span.' }).exactOptional(),
});

const trailCall = z.object({
  file: name,
  functionIndex: count,
  waits: z.boolean(),
  at: z.object(capturedLine).exactOptional(),
}) satisfies z.ZodType<TrailCall>;

/** One hit, as an agent sends it. */
export const capture: z.ZodType<Capture> = shown.extend({
  trail: z.array(trailCall).max(MAX_CAPTURE_LIMITS.frames).exactOptional(),
});

/** A cursor: the order of arrival. */
export const cursor = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a cursor from an earlier answer')
  .meta({ description: 'Order of arrival at the collector; opaque.' });

/** One hit, as the API shows it. */
export const captureView: z.ZodType<CaptureView> = shown
  .extend({
    callers: z
      .array(z.object({ frame: count, ...capturedLine }))
      .meta({
        description:
          'Calls that led to the hit: by the index of their frame in the stack, the line where they stand, and their variables there.',
      })
      .exactOptional(),
    cursor,
    service: name,
    instance: name,
    buildId: name.exactOptional(),
    location: resolvedLocation,
    function: longName,
    receivedAt: time,
  })
  .meta({ id: 'Capture', description: 'One hit of a probe: a snapshot or a log line, with its evidence.' });
