import type { ProbeEvent, ProbeKind } from '@dormouse/protocol';

/** What can be said of a probe besides its place; each is a field of the form, and of the request. */
export type AskField =
  | 'on'
  | 'condition'
  | 'watches'
  | 'callers'
  | 'template'
  | 'level'
  | 'to'
  | 'expect'
  | 'verdict'
  | 'value'
  | 'by'
  | 'keys'
  | 'name'
  | 'attributes'
  | 'until'
  | 'within'
  | 'includes'
  | 'steps'
  /** How often: metrics only count, and need no limit. */
  | 'hits';

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

/** Kinds that answer the same sort of question, in the order in which they are asked for most. */
export const ASKS: readonly (readonly Ask[])[] = [
  [
    {
      kind: 'snapshot',
      name: 'Snapshot',
      gives: 'All variables and the stack, the next times it comes by.',
      fields: ['condition', 'watches', 'on', 'callers', 'hits'],
    },
    {
      kind: 'log',
      name: 'Log',
      gives: 'A line of text each time, with values in it.',
      fields: ['template', 'condition', 'on', 'level', 'to', 'hits'],
    },
    {
      kind: 'check',
      name: 'Check',
      gives: 'Whether something always holds; what violates it is the proof.',
      fields: ['expect', 'condition', 'watches', 'on', 'verdict', 'hits'],
    },
    {
      kind: 'path',
      name: 'Path',
      gives: 'One call line by line, to replay over the code.',
      fields: ['condition', 'until', 'steps', 'includes', 'hits'],
      isOfCalls: true,
    },
  ],
  [
    {
      kind: 'span',
      name: 'Span',
      gives: 'The function’s calls, or some of its lines, as spans of their requests’ traces.',
      fields: ['name', 'until', 'attributes', 'condition', 'hits'],
      isOfCalls: true,
    },
    {
      kind: 'tag',
      name: 'Tag',
      gives: 'Attributes on the span that is active when it comes by.',
      fields: ['attributes', 'condition', 'on', 'hits'],
    },
  ],
  [
    {
      kind: 'counter',
      name: 'Count',
      gives: 'How often it happens, every second.',
      fields: ['by', 'condition', 'on', 'keys'],
    },
    {
      kind: 'gauge',
      name: 'Gauge',
      gives: 'A number as it is: the last, least, largest and mean of every second.',
      fields: ['value', 'by', 'condition', 'on', 'keys'],
    },
    {
      kind: 'histogram',
      name: 'Distribution',
      gives: 'How a number is distributed over time.',
      fields: ['value', 'by', 'condition', 'on', 'keys'],
    },
    {
      kind: 'duration',
      name: 'Duration',
      gives: 'How long the function’s calls take.',
      fields: ['by', 'condition', 'keys'],
      isOfCalls: true,
    },
    {
      kind: 'tictoc',
      name: 'Tic–toc',
      gives: 'How long it takes from this line to another.',
      fields: ['until', 'within', 'by', 'condition', 'keys'],
    },
  ],
];

export const EVENTS: readonly (readonly [ProbeEvent, string])[] = [
  ['line', 'before this line'],
  ['entry', 'when the function begins'],
  ['return', 'when it returns'],
  ['throw', 'when it throws'],
  ['end', 'when it ends in any way'],
];

/** Times that are often meant, ms. */
export const TIMES: readonly (readonly [number, string])[] = [
  [60_000, '1 minute'],
  [10 * 60_000, '10 minutes'],
  [3_600_000, '1 hour'],
  [8 * 3_600_000, '8 hours'],
  [86_400_000, '1 day'],
  [7 * 86_400_000, '7 days'],
];
