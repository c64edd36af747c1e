import type { LogLevel } from '@dormouse/protocol';
import { defineProperty } from '../intrinsics.js';

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

/** The program and the agent may each have loaded a copy of this file: one slot of the global object serves both. */
const SLOT = Symbol.for('dormouse.logger.1');

export const slot: LoggerSlot = openSlot();

function openSlot(): LoggerSlot {
  const slots = globalThis as Record<symbol, unknown>;
  const present = slots[SLOT];
  if (present !== undefined) return present as LoggerSlot;
  const opened: LoggerSlot = { write: undefined };
  defineProperty(slots, SLOT, { value: opened, configurable: true, enumerable: false });
  return opened;
}
