import type { MetricWindow } from './metric.js';
import type { CapturedPath } from './path.js';
import type { FunctionAddress, LogLevel, ProbeEvent, ProbeKind } from './probe.js';
import type { CapturedProperty, CapturedValue } from './value.js';

export interface StackFrame {
  readonly function: string;
  /** Original source where the manifest or a source map knows it, else the emitted file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function waits for what is above it in an `await`: it is not on the stack, but continues when that is done. */
  readonly async?: boolean;
}

/** A watch expression with its value, or with the reason why it has none. */
export interface WatchResult {
  readonly source: string;
  readonly value?: CapturedValue;
  readonly error?: string;
}

/** The statement that a call was about to run when it was last heard of, and its variables as they were handed over then. */
export interface CapturedLine {
  /** Original source. */
  readonly line: number;
  readonly column: number;
  readonly self?: CapturedValue;
  readonly locals: readonly CapturedProperty[];
  readonly outers?: readonly CapturedProperty[];
}

/** A call that led to a hit, as the process knows it: which frame of the stack it is, the collector finds out. */
export interface TrailCall extends FunctionAddress {
  /** It is async, and waits for what it called. */
  readonly waits: boolean;
  /** Of the innermost, as many as were asked for. */
  readonly at?: CapturedLine;
}

/** A call that led to a hit: the very one that a frame of the stack shows. */
export interface CapturedCaller extends CapturedLine {
  /** Index into {@link Capture.stack}. */
  readonly frame: number;
}

/** What a process sends for one hit. */
export interface Capture {
  /** Unique: `<instance>-<counter>`; the collector stores each once. */
  readonly id: string;
  readonly probe: string;
  readonly kind: ProbeKind;
  /** Wall clock of the process, ms since 1970. */
  readonly at: number;
  /** The probe's n-th delivered hit in this process, from 1. */
  readonly hit: number;
  /** Time the main thread spent on this hit, microseconds. */
  readonly tookUs: number;
  /** Logs: the rendered text. */
  readonly message?: string;
  readonly level?: LogLevel;
  /** What it was that happened; absent: a line. */
  readonly on?: Exclude<ProbeEvent, 'line'>;
  /** Snapshots of a call that ended: with this value, or this error; with neither where that could not be seen. */
  readonly returned?: CapturedValue;
  readonly threw?: CapturedValue;
  /** From the call's begin to its end, ms. */
  readonly durationMs?: number;
  /** Snapshots: the variables; of a call, its parameters as they were when it began. */
  readonly self?: CapturedValue;
  readonly locals?: readonly CapturedProperty[];
  readonly outers?: readonly CapturedProperty[];
  readonly watches?: readonly WatchResult[];
  readonly stack?: readonly StackFrame[];
  /** Snapshots of a call's end: the last line that it ran. */
  readonly lastLine?: CapturedLine;
  /** Snapshots with callers: the calls under way, the innermost first, as far as the process followed them. */
  readonly trail?: readonly TrailCall[];
  /** Metrics: what was added up since the last window. A `hit` is a window. */
  readonly metric?: MetricWindow;
  /** Trace and span that the hit belongs to, where they are known: W3C ids. */
  readonly traceId?: string;
  readonly spanId?: string;
  /** Attributes of the request, as the program and its caller's baggage name them; secrets are redacted. */
  readonly context?: Readonly<Record<string, string>>;
  readonly span?: CapturedSpan;
  /** Paths: the call line by line. */
  readonly path?: CapturedPath;
  /** Tags: what was set on the active span. */
  readonly attributes?: SpanAttributes;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** One call, or lines of one, as a span of its request's trace. */
export interface CapturedSpan {
  /** `opentelemetry`: the program's own tracer has it too. */
  readonly recorder: 'opentelemetry' | 'dormouse';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** Wall clock of the process, ms since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** `unset`: how it ended could not be seen, or its lines began anew before they came to their end. */
  readonly status: 'ok' | 'error' | 'unset';
  /** Of the error that ended the call. */
  readonly error?: string;
  readonly attributes: SpanAttributes;
}
