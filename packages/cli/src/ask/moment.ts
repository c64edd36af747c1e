import { UsageError } from '../failure.js';
import { parseDuration } from './quantity.js';

/** A moment, ms since 1970: a date, a date and time as ISO 8601 writes them, or how long ago. */
export function parseMoment(option: string, text: string): number {
  if (/^\d+(\.\d+)?(ms|s|m|h|d)$/u.test(text)) return Date.now() - parseDuration(option, text);
  const moment = Date.parse(text);
  if (Number.isNaN(moment))
    throw new UsageError(`--${option} ${text} is no time. For example: 2026-11-21, 2026-11-21T09:00:00Z, 2h`);
  return moment;
}
