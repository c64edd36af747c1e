import type { DryRunOutcome, DryRunRequest, DryRunView } from '@dormouse/protocol';
import { inline } from '../../../words/value.js';
import { isOfLine, requestOf, type Draft, type DraftPlace } from './draft.js';

/** What the expressions of a draft came to at an earlier hit of the same line, by field and in words. */
export type Previews = Readonly<Partial<Record<'condition' | 'expect' | 'watches' | 'template', string>>>;

/** The part of a draft that can be tried out; nothing where there is none. */
export function trialOf(draft: Draft, place: DraftPlace): DryRunRequest | undefined {
  if (!isOfLine(draft)) return undefined;
  const { condition, expect, watches, template } = requestOf(draft, place);
  const trial = {
    ...(condition !== undefined && { condition }),
    ...(expect !== undefined && { expect }),
    ...(watches !== undefined && { watches }),
    ...(template !== undefined && { template }),
  };
  return Object.keys(trial).length === 0 ? undefined : trial;
}

export function previewsOf({ condition, expect, watches, message }: DryRunView): Previews {
  return {
    ...(condition !== undefined && { condition: outcome(condition) }),
    ...(expect !== undefined && { expect: outcome(expect) }),
    ...(watches !== undefined && { watches: watches.map(outcome).join(' · ') }),
    ...(message !== undefined && { template: message }),
  };
}

function outcome({ value, error, unknown }: DryRunOutcome): string {
  if (value !== undefined) return inline(value, 1);
  if (error !== undefined) return `fails: ${error}`;
  return unknown === undefined ? 'nothing' : `not known: ${unknown.path} (${unknown.reason})`;
}
