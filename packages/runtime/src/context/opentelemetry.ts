import type { SpanAttributes } from '@dormouse/protocol';
import { keys } from '../intrinsics.js';
import { attempt } from './attempt.js';
import { AttributeList } from './attributes.js';
import { NO_ATTRIBUTES, type Attributes, type TraceIds } from './slot.js';
import { isSpanId, isTraceId } from './traceparent.js';

/**
 * What the program's own OpenTelemetry knows, found where every copy of `@opentelemetry/api` 1.x keeps its parts. Its
 * functions are the program's: where one throws, there is nothing to know.
 */
interface Api {
  readonly context?: { active(): TelemetryContext };
  readonly trace?: { getTracer(name: string): Tracer };
}

export interface TelemetryContext {
  getValue(key: symbol): unknown;
}

interface Tracer {
  startSpan(name: string, options: { readonly attributes: SpanAttributes }): TelemetrySpan;
}

export interface TelemetrySpan {
  spanContext(): TraceIds;
  isRecording(): boolean;
  setAttribute(name: string, value: string | number | boolean): void;
  addEvent(name: string, attributes: SpanAttributes): void;
  setStatus(status: { readonly code: number; readonly message: string }): void;
  end(): void;
}

const API = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
const BAGGAGE = Symbol.for('OpenTelemetry Baggage Key');

/** Under which the program's SDK lists what we trace. */
const TRACER = '@dormouse/runtime';

/** `SpanStatusCode.ERROR` */
const ERROR = 2;

const findApi = (): Api | undefined => (globalThis as Record<symbol, unknown>)[API] as Api | undefined;

export function activeContext(): TelemetryContext | undefined {
  const context = attempt(() => findApi()?.context?.active());
  return typeof context === 'object' ? (context ?? undefined) : undefined;
}

/** The span that is active, recorded or not. */
export const spanOf = (context: TelemetryContext): TelemetrySpan | undefined =>
  attempt(() => context.getValue(SPAN) as TelemetrySpan | undefined);

/** The span that is active, where something comes of what is told to it. */
export function activeRecordingSpan(): TelemetrySpan | undefined {
  const context = activeContext();
  return recording(context && spanOf(context));
}

const recording = (span: TelemetrySpan | undefined): TelemetrySpan | undefined =>
  attempt(() => span?.isRecording()) === true ? span : undefined;

/** The ids of a span that has some. */
export function idsOf(span: TelemetrySpan): TraceIds | undefined {
  return attempt(() => {
    const { traceId, spanId } = span.spanContext();
    return isTraceId(traceId) && isSpanId(spanId) ? { traceId, spanId } : undefined;
  });
}

interface Baggage {
  getAllEntries(): (readonly [name: string, entry: { readonly value: string }])[];
}

export function baggageOf(context: TelemetryContext): Attributes {
  const members = attempt(() => {
    const entries = (context.getValue(BAGGAGE) as Baggage | undefined)?.getAllEntries();
    if (entries === undefined) return undefined;
    const list = new AttributeList();
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index] as (typeof entries)[number];
      list.add(entry[0], entry[1].value);
    }
    return list.attributes;
  });
  return members ?? NO_ATTRIBUTES;
}

/**
 * Begins a span as a child of the active one, without making it the active one; undefined where the program has no SDK, or
 * one that does not record this request.
 */
export const startSpan = (name: string, attributes: SpanAttributes): TelemetrySpan | undefined =>
  recording(attempt(() => findApi()?.trace?.getTracer(TRACER).startSpan(name, { attributes })));

export function setAttributes(span: TelemetrySpan, attributes: SpanAttributes): void {
  attempt(() => {
    const names = keys(attributes);
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      span.setAttribute(name, attributes[name] as string | number | boolean);
    }
  });
}

/** @param error of what was thrown, where something was: one line, without secrets */
export function endSpan(span: TelemetrySpan, error: string | undefined): void {
  attempt(() => {
    if (error !== undefined) {
      span.addEvent('exception', { 'exception.message': error });
      span.setStatus({ code: ERROR, message: error });
    }
  });
  attempt(() => span.end());
}
