import { z } from 'zod';
import {
  MAX_CAPTURE_LIMITS,
  LIMITS,
  type Capture,
  type CapturedSpan,
  type CaptureView,
  type SearchScope,
  type TrailCall,
} from '@dormouse/protocol';
import { capturedProperty, capturedValue } from './captured-value.js';
import { metricWindow } from './metric.js';
import { capturedPath } from './path.js';
import { callEvent, probeKind, logLevel, resolvedLocation } from './probe.js';
import { count, longName, name, position, text, time } from './text.js';
import { withheld } from './withheld.js';

export const MESSAGE_LENGTH = 2 * LIMITS.messageLength;
export const TRACE_ID = /^[\da-f]{32}$/;
export const SPAN_ID = /^[\da-f]{16}$/;

export const requestContext = z.record(name, text);
export const spanAttributes = z.record(name, z.union([text, z.number(), z.boolean()]));
const traceId = z.string().regex(TRACE_ID);
const spanId = z.string().regex(SPAN_ID);

export const capturedSpan = z
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

const line = {
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
  message: z.string().max(MESSAGE_LENGTH).exactOptional(),
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
    .object(line)
    .meta({ description: 'Of a call’s end: the last line that it ran, and its variables then.' })
    .exactOptional(),
  metric: metricWindow.exactOptional(),
  traceId: traceId.exactOptional(),
  spanId: spanId.exactOptional(),
  context: requestContext
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
  at: z.object(line).exactOptional(),
}) satisfies z.ZodType<TrailCall>;

/** One hit, as an agent sends it. */
export const capture: z.ZodType<Capture> = shown.extend({
  trail: z.array(trailCall).max(MAX_CAPTURE_LIMITS.frames).exactOptional(),
});

/** How far a search has looked. */
export const searchScope: z.ZodType<SearchScope> = z.object({
  examined: count.meta({ description: 'Captures that were looked at.' }),
  undecided: count.meta({
    description: 'Of these, those that could not be told: what would tell is redacted or was not captured.',
  }),
  complete: z
    .boolean()
    .meta({ description: 'Whether there is nothing beyond; if there is, `next` goes on.' }),
  reached: time.meta({ description: 'When the last one arrived that was looked at.' }).exactOptional(),
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
      .array(z.object({ frame: count, ...line }))
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
    hidden: count
      .meta({
        description: 'Values that the collector hid when it arrived, because the process had not.',
      })
      .exactOptional(),
    imported: z
      .object({ import: name, id: name.meta({ description: 'Its own id, where it was made.' }) })
      .meta({ description: 'It is from a file, and not of a process that was seen here.' })
      .exactOptional(),
    withheld: withheld.exactOptional(),
  })
  .meta({ id: 'Capture', description: 'One hit of a probe: a snapshot or a log line, with its evidence.' });
