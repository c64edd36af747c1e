import type { CompiledExpression } from './expression.js';
import type { CaptureLimits, ProbeLimits } from './limits.js';
import type { MetricCommand, MetricKind } from './metric.js';
import type { PathCommand } from './path.js';
import type { StepsPlace } from './steps.js';

/** A probe's life: what a person asks for, what a process is told, how it reports back. */

export type ProbeKind = 'snapshot' | 'log' | 'check' | MetricKind | 'span' | 'tag' | 'path';

/**
 * What a probe waits for: the statements of a line about to run; or a call of a function that begins, returns, throws
 * (whether or not somebody catches it), or ends in any way.
 */
export type ProbeEvent = 'line' | 'entry' | 'return' | 'throw' | 'end';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where logs go: to the collector, to where the process writes its own, or both. */
export type LogDestination = 'collector' | 'process' | 'both';

/** What two lines have to belong to: one call of one function, or one request, as {@link Capture.context} knows it. */
export type Within = 'call' | 'request';

/** Whose the hits of {@link ProbeLimits} are: of all processes together, or of each. */
export type HitsOf = 'all' | 'each';

/** Which processes a probe is for; every field given must match. */
export interface ProbeTarget {
  readonly version?: string;
  readonly buildId?: string;
  readonly commit?: string;
  /** An agent's instance id, as `services` shows it. */
  readonly instance?: string;
  /** Any of these. */
  readonly instances?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Only so large a part of the processes, over 0 up to 1, and at least one. */
  readonly share?: number;
  readonly canary?: CanaryRule;
  /** Only hits of requests with these attributes, see {@link Capture.context}; `traceId` and `spanId` are attributes too. */
  readonly context?: Readonly<Record<string, string>>;
}

/** One process first; the others follow once it has had the probe for a time without trouble. */
export interface CanaryRule {
  /** ms without an error or a pause. */
  readonly quietMs: number;
}

/** A line: by its number, by its text, or as the first of a range; or a function: by its name, or by any line of it. */
export interface ProbeLocation {
  /** Original source, or any unambiguous end of its path: `risk.ts`, `src/risk.ts`. */
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  /** With `line`: the last one of a range, of which the first statement, or the first function, is meant. */
  readonly endLine?: number;
  /** The whole text of the line, blanks apart. Of several with it, the one nearest to `line`. */
  readonly text?: string;
  /** From 1; picks among the points of one line. Without it: the first. */
  readonly column?: number;
  /** As a stack shows it: `Ledger.settle`, `price`. Not for lines; with `line`, the one around it of that name. */
  readonly function?: string;
}

/** Where a probe stands: whole path, line and column of the point, or of the function's start. */
export interface ResolvedLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a person or an agent asks for: the body of `POST /api/v1/probes`. */
export interface ProbeRequest {
  readonly kind: ProbeKind;
  readonly service: string;
  readonly location: ProbeLocation;
  /** A second line, at which what began at the first one ends. */
  readonly until?: ProbeLocation;
  /** Tictocs: what makes a toc that of a tic. Default: `call`. */
  readonly within?: Within;
  /** Paths: other functions to follow, while they run below the recorded call or in its request. */
  readonly includes?: readonly ProbeLocation[];
  /** Paths: steps of one recording, of which the first half and the last half are kept. */
  readonly steps?: number;
  /** Default: `line`. */
  readonly on?: ProbeEvent;
  readonly condition?: string;
  /** Snapshots: expressions evaluated beside the variables. */
  readonly watches?: readonly string[];
  /** Snapshots: so many of the woven functions that lead to a hit show their variables too. Default: 0. */
  readonly callers?: number;
  /** Logs: text with expressions in braces, `order {order.id} costs {total}`; `{{` and `}}` are braces. */
  readonly template?: string;
  readonly level?: LogLevel;
  /** Logs. Default: `collector`. */
  readonly to?: LogDestination;
  /** Checks: what must always hold. */
  readonly expect?: string;
  readonly verdict?: VerdictRule;
  /** Gauges and histograms: the number. */
  readonly value?: string;
  /** Metrics: an expression; there is a series for each of its values. */
  readonly by?: string;
  /** Metrics with `by`: series of one process and second; what comes after them is in one for all others. */
  readonly keys?: number;
  /** Spans: what it is called. Default: the function's name, with `until` and the lines: `settle:12-18`. */
  readonly name?: string;
  /** Spans and tags: attributes by name, each an expression. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly target?: ProbeTarget;
  readonly limits?: Partial<ProbeLimits>;
  /** Kinds that end with their hits. Default: `all`. With `each`, the probe ends when every process that has it has had its hits. */
  readonly hitsOf?: HitsOf;
  readonly capture?: Partial<CaptureLimits>;
  /** Whose it is, in the words of whoever asks: AI agents end none but their own. */
  readonly owner?: string;
  /** The id of a group: the probe is one of it, and lives as long as it does or, where that is asked for, less. */
  readonly group?: string;
}

/** When a check has been watched for long enough; whichever comes first. Without either: until it expires. */
export interface VerdictRule {
  /** Hits in one process. */
  readonly afterHits?: number;
  /** ms since it was armed. */
  readonly afterMs?: number;
}

/** A function of a woven file, by its position in the manifest. */
export interface FunctionAddress {
  /** The file's id. */
  readonly file: string;
  readonly functionIndex: number;
}

/** A point of a function: the index of its line hook. */
export interface PointAddress extends FunctionAddress {
  readonly pointIndex: number;
}

/** A point in one build, and what its hook passes. */
export interface LinePlace extends PointAddress {
  readonly on: 'line';
  readonly self: boolean;
  /** The names of the values that the hook passes, and of those that its thunk returns. */
  readonly locals: readonly string[];
  readonly outers: readonly string[];
}

/** The calls of a function in one build. */
export interface CallPlace extends FunctionAddress {
  readonly on: Exclude<ProbeEvent, 'line'>;
  readonly self: boolean;
  /** The names of the parameters, which have the values of the call's begin. */
  readonly locals: readonly string[];
}

export type ProbePlace = LinePlace | CallPlace;

/** A probe resolved against one build: what a process is told. */
export interface ProbeCommand {
  readonly id: string;
  readonly kind: ProbeKind;
  readonly place: ProbePlace;
  /** The second place, see {@link ProbeRequest.until}. */
  readonly until?: LinePlace;
  readonly within?: Within;
  readonly condition?: CompiledExpression;
  readonly watches: readonly CompiledExpression[];
  /** Text and expressions in turn. */
  readonly template?: readonly (string | CompiledExpression)[];
  readonly level: LogLevel;
  /** Logs. */
  readonly to?: LogDestination;
  readonly expect?: CompiledExpression;
  readonly verdict?: VerdictRule;
  readonly metric?: MetricCommand;
  readonly span?: SpanCommand;
  readonly path?: PathCommand;
  /** Snapshots of a call's end: its function, if that is not too large to be followed line by line. */
  readonly lines?: StepsPlace;
  readonly callers?: CallersCommand;
  /** Spans and tags: what they add. */
  readonly attributes?: readonly NamedExpression[];
  /** Only hits of requests with these attributes. */
  readonly context?: Readonly<Record<string, string>>;
  readonly limits: ProbeLimits;
  readonly capture: CaptureLimits;
}

export interface NamedExpression {
  readonly name: string;
  readonly expression: CompiledExpression;
}

/** Snapshots: functions that have been seen to lead to the probe, and how many of them a capture shows. */
export interface CallersCommand {
  readonly most: number;
  /** Grows while the probe is armed: what leads to it is learnt from the stacks of its captures. */
  readonly functions: readonly StepsPlace[];
}

/** What a span is called, and its source: where its function begins, or its lines. */
export interface SpanCommand {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

/** Where a probe stands in one process. */
export type ProbeState = 'received' | 'armed' | 'disarmed';

export type DisarmCause =
  | 'removed'
  | 'expired'
  | 'hitLimit'
  | 'verdict'
  | 'error'
  | 'killSwitch'
  | 'collectorLost'
  | 'unknownFile'
  | 'contractMismatch'
  /** The process does not allow its file or function to be probed. */
  | 'denied'
  /** The process has sent as much as it may in its life. */
  | 'lifetimeLimit'
  | 'invalid';

/** Hits that ran no capture, by reason. */
export type SkipReason =
  /** Of another request than the target's. */
  | 'context'
  | 'condition'
  | 'conditionError'
  | 'rateLimitProbe'
  | 'rateLimitProcess'
  | 'reentrant'
  /** The probe rested, or all of the process, see {@link Pause}. */
  | 'paused'
  /** Tags: no span was active. */
  | 'noSpan'
  /** Tictocs within a request: it is not known which one is handled. */
  | 'noRequest'
  /** As many were under way as there is room for. */
  | 'tooManyOpen';

/** Captures that were made and lost, by reason. */
export type DropReason =
  | 'queueFull'
  /** Over the probe's bytes per second, half of what its process has. */
  | 'rateLimitBytesProbe'
  | 'rateLimitBytes'
  | 'lifetimeLimit'
  | 'payloadTooLarge'
  | 'encodeError'
  | 'disconnected'
  /** Logs to the process: its logger threw, or its stdout took no more. */
  | 'logFailed';

/**
 * The account of one probe in one process: received → armed → seen n → matched n → captured n →
 * skipped{…} → dropped{…} → incomplete n → disarmed{cause}. Nothing is lost without being counted.
 */
export interface ProbeReport {
  readonly id: string;
  readonly state: ProbeState;
  readonly cause?: DisarmCause;
  /** One sentence for a person: what went wrong and what to do. */
  readonly message?: string;
  readonly seen: number;
  readonly matched: number;
  readonly captured: number;
  readonly skipped: Partial<Record<SkipReason, number>>;
  readonly dropped: Partial<Record<DropReason, number>>;
  /** Captures with at least one omission. */
  readonly incomplete: number;
  /** While the probe rests, or all of the process. */
  readonly pause?: Pause;
  readonly check?: CheckReport;
}

export type PauseCause =
  /** The probe took more than half of the time that all probes of its process may take: it rests alone. */
  'probeCpuBudget' | 'cpuBudget' | 'eventLoopDelay';

/** A probe rests, or all of a process, because they took too much of it or it is too busy. Times: ms since 1970. */
export interface Pause {
  readonly cause: PauseCause;
  readonly since: number;
  readonly until: number;
}

/** What a check has found in one process. */
export interface CheckReport {
  readonly held: number;
  readonly violated: number;
  /** Hits at which the expression had no value: neither held nor violated. */
  readonly failed: number;
  /** Once it is decided; `undecided` where no hit had a value. */
  readonly verdict?: 'holds' | 'violated' | 'undecided';
}
