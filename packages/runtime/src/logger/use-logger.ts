import type { LogLevel } from '@dormouse/protocol';
import { slot, type LogEntry } from './slot.js';

/** A logger of pino, bunyan, winston, log4js, loglevel, the console, or what looks like one of them. */
export type Logger = Readonly<Record<LogLevel, (...values: never[]) => unknown>>;

/**
 * Has log probes that are for the process (`--to process`) written by the program's own logger, as if the lines had been
 * compiled in: at once, in order with the program's own, in the request that they belong to. Without it they are lines
 * of JSON on stdout.
 *
 * pino and bunyan take fields and then the message, everybody else the message and then the fields. What wants it
 * otherwise is given as a function. Whatever a logger throws is caught and counted.
 * @param logger the last one counts; undefined: none any more
 */
export function useLogger(logger: Logger | ((entry: LogEntry) => void) | undefined): void {
  slot.write = logger === undefined || typeof logger === 'function' ? logger : writerFor(logger);
}

/** The level's method is looked up at each line: that is what loggers replace when their level is set. */
function writerFor(logger: Logger): (entry: LogEntry) => void {
  const call = (level: LogLevel, ...values: unknown[]): void => {
    (logger[level] as (...values: unknown[]) => void)(...values);
  };
  if (takesFieldsFirst(logger)) return ({ level, message, fields }) => call(level, fields, message);
  // The console would read a percent sign in the text as a place for the next value.
  if (isConsole(logger)) return ({ level, message, fields }) => call(level, '%s', message, fields);
  return ({ level, message, fields }) => call(level, message, fields);
}

type Traits = Readonly<Record<'bindings' | 'child' | 'streams' | 'table', unknown>>;

/** Of these traits pino's loggers have the first two, bunyan's the last two. */
function takesFieldsFirst(logger: object): boolean {
  const { bindings, child, streams } = logger as Traits;
  return typeof child === 'function' && (typeof bindings === 'function' || Array.isArray(streams));
}

const isConsole = (logger: object): boolean => typeof (logger as Traits).table === 'function';
