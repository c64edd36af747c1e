import type { LogLevel } from '@dormouse/protocol';
import { sharedSlot } from '../shared-slot.js';

/** One line of a log probe. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** Trace and span as OpenTelemetry names them in logs; a hit of no request has none. */
export interface LogFields {
  readonly 'dormouse.probe': string;
  readonly trace_id?: string;
  readonly span_id?: string;
}

/** What the program, which has a logger, and the agent, which wants to write to it, share. */
interface LoggerSlot {
  /** Without one, log probes write to stdout. It may throw. */
  write: ((entry: LogEntry) => void) | undefined;
}

export const slot: LoggerSlot = sharedSlot('dormouse.logger.1', () => ({ write: undefined }));
