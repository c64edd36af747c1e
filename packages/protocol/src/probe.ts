import type { CompiledExpression } from './expression.js';
import type { CaptureLimits, ProbeLimits } from './limits.js';

/** A probe's life: what a person asks for, what a process is told, how it reports back. */

export type ProbeKind = 'snapshot' | 'log';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Which processes a probe is for; every field given must match. */
export interface ProbeTarget {
  readonly version?: string;
  readonly buildId?: string;
  readonly commit?: string;
  /** An agent's instance id, as `services` shows it. */
  readonly instance?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ProbeLocation {
  /** Original source, or any unambiguous end of its path: `risk.ts`, `src/risk.ts`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1; picks among the points of one line. Without it: the first. */
  readonly column?: number;
}

/** What a person or an agent asks for: the body of `POST /api/v1/probes`. */
export interface ProbeRequest {
  readonly kind: ProbeKind;
  readonly service: string;
  readonly location: ProbeLocation;
  readonly condition?: string;
  /** Snapshots: expressions evaluated beside the variables. */
  readonly watches?: readonly string[];
  /** Logs: text with expressions in braces, `order {order.id} costs {total}`; `{{` and `}}` are braces. */
  readonly template?: string;
  readonly level?: LogLevel;
  readonly target?: ProbeTarget;
  readonly limits?: Partial<ProbeLimits>;
  readonly capture?: Partial<CaptureLimits>;
}

/** A probe resolved against one build: what a process is told. */
export interface ProbeCommand {
  readonly id: string;
  readonly kind: ProbeKind;
  /** Manifest position: file id, function index, point index. */
  readonly file: string;
  readonly functionIndex: number;
  readonly pointIndex: number;
  /** The names of the values that the point's hook passes, and of its outers. */
  readonly locals: readonly string[];
  readonly outers: readonly string[];
  readonly form: 'twin' | 'inline';
  readonly self: boolean;
  readonly condition?: CompiledExpression;
  readonly watches: readonly CompiledExpression[];
  /** Text and expressions in turn. */
  readonly template?: readonly (string | CompiledExpression)[];
  readonly level: LogLevel;
  readonly limits: ProbeLimits;
  readonly capture: CaptureLimits;
}

/** Where a probe stands in one process. */
export type ProbeState = 'received' | 'armed' | 'disarmed';

export type DisarmCause =
  | 'removed'
  | 'expired'
  | 'hitLimit'
  | 'error'
  | 'killSwitch'
  | 'collectorLost'
  | 'unknownFile'
  | 'contractMismatch'
  | 'invalid';

/** Hits that ran no capture, by reason. */
export type SkipReason = 'condition' | 'conditionError' | 'rateLimitProbe' | 'rateLimitProcess' | 'reentrant';

/** Captures that were made and lost, by reason. */
export type DropReason = 'queueFull' | 'payloadTooLarge' | 'encodeError' | 'disconnected';

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
}
