import type { ProbeLocation } from '@dormouse/protocol';

import type { Option } from '../command/command.js';
import { UsageError } from '../failure.js';
import { parseLocation } from './location.js';

/** A second line. */
export const UNTIL_OPTION = {
  type: 'string',
  value: 'FILE:LINE[:COL]',
  summary: 'The line at which it ends, before its statement runs; LINE alone is one of the same file',
} as const satisfies Option;

const LINE_ALONE = /^\d+(:\d+)?$/u;

/** @param first the location that it belongs to */
export function parseUntil(text: string, first: ProbeLocation): ProbeLocation {
  const location = parseLocation(LINE_ALONE.test(text) ? `${first.file}:${text}` : text);
  if (location.line === undefined)
    throw new UsageError(`--until ${text} is no line. For example: src/risk.ts:48, 48`);
  return location;
}
