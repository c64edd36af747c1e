import type { ProbeEvent, ProbeKind } from '@dormouse/protocol';

/** What can be said of a probe besides its place; each is a field of the form, and of the request. */
export type AskField =
  | 'on'
  | 'condition'
  | 'watches'
  | 'callers'
  | 'template'
  | 'level'
  | 'expect'
  | 'value'
  | 'by'
  | 'name'
  | 'attributes';

/** A kind of probe as a person chooses it. */
export interface Ask {
  readonly kind: ProbeKind;
  readonly name: string;
  /** What one gets, in one sentence. */
  readonly gives: string;
  readonly fields: readonly AskField[];
  /** Whether it is of calls of the function, and not of a line. */
  readonly isOfCalls?: true;
}

/** In the order in which they are asked for most. */
export const ASKS: readonly Ask[] = [
  {
    kind: 'snapshot',
    name: 'Snapshot',
    gives: 'All variables and the stack, the next times it comes by.',
    fields: ['on', 'condition', 'watches', 'callers'],
  },
  {
    kind: 'log',
    name: 'Log',
    gives: 'A line of text each time, with values in it.',
    fields: ['template', 'level', 'on', 'condition'],
  },
  {
    kind: 'check',
    name: 'Check',
    gives: 'Whether something always holds; what violates it is the proof.',
    fields: ['expect', 'on', 'condition'],
  },
  {
    kind: 'counter',
    name: 'Count',
    gives: 'How often it happens, every second.',
    fields: ['by', 'on', 'condition'],
  },
  {
    kind: 'histogram',
    name: 'Distribution',
    gives: 'How a number is distributed over time.',
    fields: ['value', 'by', 'on', 'condition'],
  },
  {
    kind: 'duration',
    name: 'Duration',
    gives: 'How long the function’s calls take.',
    fields: ['by', 'condition'],
    isOfCalls: true,
  },
  {
    kind: 'path',
    name: 'Path',
    gives: 'One call line by line, to replay over the code.',
    fields: ['condition'],
    isOfCalls: true,
  },
  {
    kind: 'span',
    name: 'Span',
    gives: 'The function’s calls as spans of their requests’ traces.',
    fields: ['name', 'attributes', 'condition'],
    isOfCalls: true,
  },
];

export const EVENTS: readonly (readonly [ProbeEvent, string])[] = [
  ['line', 'before this line'],
  ['entry', 'when the function begins'],
  ['return', 'when it returns'],
  ['throw', 'when it throws'],
  ['end', 'when it ends in any way'],
];

/** Lives of a probe, ms. */
export const LIVES: readonly (readonly [number, string])[] = [
  [10 * 60_000, '10 minutes'],
  [3_600_000, '1 hour'],
  [8 * 3_600_000, '8 hours'],
  [86_400_000, '1 day'],
  [7 * 86_400_000, '7 days'],
];
