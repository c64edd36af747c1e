import type { ProbeKind } from '@dormouse/protocol';
import { askOf } from './draft.js';

/** Whether a template's request waits for calls of a function, and not at a line. */
export function isOfCallsIn({ kind, on, until }: Readonly<Record<string, unknown>>): boolean {
  if (kind === 'span') return until === undefined;
  const isOfEvent = on !== undefined && on !== 'line';
  return isOfEvent || askOf(kind as ProbeKind).isOfCalls === true;
}
