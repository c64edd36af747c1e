/** `@dormouse/runtime/logger`: log probes written by the program's own logger. */
export { useLogger, type Logger } from './use-logger.js';
export type { LogEntry, LogFields } from './slot.js';
