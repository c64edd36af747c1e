import { z } from 'zod';
import {
  MAX_CAPTURE_LIMITS,
  LIMITS,
  type Capture,
  type CapturedPath,
  type CapturedSpan,
  type CaptureView,
  type SearchScope,
  type TrailCall,
} from '@dormouse/protocol';
import { ANY_VALUES, WHOLE_VALUES, type ValueSchemas } from './captured-value.js';
import { metricWindow } from './metric.js';
import { capturedPath, pathOf } from './path.js';
import { callEvent, probeKind, logLevel, resolvedLocation } from './probe.js';
import { count, longName, name, position, text, time } from './text.js';
import { withheld } from './withheld.js';

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

const lineOf = ({ value, property }: ValueSchemas) => ({
  line: position,
  column: position,
  self: value.exactOptional(),
  locals: z.array(property),
  outers: z.array(property).exactOptional(),
});

interface Values extends ValueSchemas {
  readonly path: z.ZodType<CapturedPath>;
}

const WHOLE: Values = { ...WHOLE_VALUES, path: capturedPath };

/** What agents send and the API shows of a hit. */
const shownOf = (values: Values) =>
  z.object({
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
    returned: values.value.exactOptional(),
    threw: values.value.exactOptional(),
    durationMs: z.number().min(0).exactOptional(),
    self: values.value.exactOptional(),
    locals: z.array(values.property).exactOptional(),
    outers: z.array(values.property).exactOptional(),
    watches: z
      .array(
        z.object({
          source: z.string().max(LIMITS.expressionLength),
          value: values.value.exactOptional(),
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
      .object(lineOf(values))
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
    path: values.path.exactOptional(),
    attributes: spanAttributes
      .meta({ description: 'Tags: what was set on the active span.' })
      .exactOptional(),
  });

const trailCallOf = (values: ValueSchemas) =>
  z.object({
    file: name,
    functionIndex: count,
    waits: z.boolean(),
    at: z.object(lineOf(values)).exactOptional(),
  }) satisfies z.ZodType<TrailCall>;

const captureOf = (values: Values): z.ZodType<Capture> =>
  shownOf(values).extend({
    trail: z.array(trailCallOf(values)).max(MAX_CAPTURE_LIMITS.frames).exactOptional(),
  });

/** One hit, as an agent sends it. */
export const capture = captureOf(WHOLE);

/** The same, but for its values. */
export const captureOutline = captureOf({ ...ANY_VALUES, path: pathOf(ANY_VALUES) });

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
export const captureView: z.ZodType<CaptureView> = shownOf(WHOLE)
  .extend({
    callers: z
      .array(z.object({ frame: count, ...lineOf(WHOLE_VALUES) }))
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
