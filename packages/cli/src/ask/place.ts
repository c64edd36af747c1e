import type { ProbeEvent, ProbeRequest } from '@dormouse/protocol';

import type { Option, Positional } from '../command/command.js';
import { parseChoice } from './choice.js';
import { parseLocation } from './location.js';

const CALL_EVENTS = ['entry', 'return', 'throw', 'end'] as const satisfies readonly ProbeEvent[];

export const PLACE: Positional = {
  name: 'FILE:LINE[:COL]',
  values: 'sources',
  summary:
    'the statement that is about to run; or FILE:FROM-TO, its first one, FILE:~TEXT, the line with that text, FILE:FUNCTION, its calls',
};

/** What a probe waits for. */
export const EVENT_OPTION = {
  type: 'string',
  value: 'EVENT',
  values: CALL_EVENTS,
  summary: `Calls of the function there: ${CALL_EVENTS.join(', ')}; default for FILE:FUNCTION entry`,
} as const satisfies Option;

/** A {@link PLACE} and the {@link EVENT_OPTION}, if it is given. A line stands for the function around it where calls are meant. */
export function parsePlace(text: string, event?: string): Pick<ProbeRequest, 'location' | 'on'> {
  const location = parseLocation(text);
  if (event !== undefined) return { location, on: parseEvent(event) };
  return location.function === undefined ? { location } : { location, on: 'entry' };
}

/** The value of the {@link EVENT_OPTION}. @throws {UsageError} */
export const parseEvent = (event: string): ProbeEvent => parseChoice('on', event, CALL_EVENTS);
