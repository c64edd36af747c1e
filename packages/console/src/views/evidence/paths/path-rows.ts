import type { CapturedPath, CapturedValue, PathStep } from '@dormouse/protocol';
import { inline } from '../../../words/value.js';

/** What a recorded path is shown as, row by row. Only steps can be stepped to. */
export type PathRow =
  | {
      readonly type: 'step';
      readonly index: number;
      readonly step: PathStep;
      readonly depth: number;
      readonly round: number;
    }
  /** Here the steps of a call begin, or go on. */
  | { readonly type: 'call'; readonly name: string; readonly source: string; readonly depth: number }
  /** How a call ended, in words. */
  | {
      readonly type: 'end';
      readonly text: string;
      readonly isFailure: boolean;
      readonly us: number | undefined;
      readonly depth: number;
    }
  | { readonly type: 'left out'; readonly count: number }
  /** A time that passed between two steps, which is a notable part of the whole. */
  | { readonly type: 'pause'; readonly us: number };

/** What the recorded call itself came to; of the others the path says it. */
export interface PathOutcome {
  readonly returned?: CapturedValue | undefined;
  readonly threw?: CapturedValue | undefined;
  readonly durationMs?: number | undefined;
}

/** A pause takes so long at least, µs, and that part of the whole call. */
const PAUSE_US = 1_000;
const PAUSE_SHARE = 0.05;

export function pathRows(path: CapturedPath, outcome: PathOutcome): readonly PathRow[] {
  const { steps, calls, omitted } = path;
  const lasts = new Map(steps.map(({ call }, index) => [call, index]));
  const rounds = new Map<string, number>();
  const longUs = Math.max(PAUSE_US, (steps.at(-1)?.us ?? 0) * PAUSE_SHARE);
  const rows: PathRow[] = [];
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    const depth = calls[step.call]?.depth ?? 0;
    if (omitted?.before === index) rows.push({ type: 'left out', count: omitted.count });
    else if (before !== undefined && step.us - before.us >= longUs)
      rows.push({ type: 'pause', us: step.us - before.us });
    if (before?.call !== step.call) rows.push({ type: 'call', ...functionOf(path, step.call), depth });
    const place = `${step.call} ${step.line}:${step.column}`;
    const round = (rounds.get(place) ?? 0) + 1;
    rounds.set(place, round);
    rows.push({ type: 'step', index, step, depth, round });
    if (step.call !== 0 && lasts.get(step.call) === index) rows.push(...endOf(path, step.call, depth));
  }
  if (omitted !== undefined && omitted.before >= steps.length)
    rows.push({ type: 'left out', count: omitted.count });
  const us = outcome.durationMs === undefined ? undefined : outcome.durationMs * 1_000;
  return [...rows, { type: 'end', ...endInWords(path.ended, outcome), us, depth: 0 }];
}

function endOf({ calls }: CapturedPath, call: number, depth: number): PathRow[] {
  const { ended, us, returned, threw } = calls[call] ?? {};
  return ended === undefined ? [] : [{ type: 'end', ...endInWords(ended, { returned, threw }), us, depth }];
}

const ENDS: Readonly<Record<CapturedPath['ended'], string>> = {
  returned: 'returned',
  threw: 'threw',
  ended: 'ended unseen',
  reached: 'reached the line it was to be shown up to',
};

function endInWords(
  ended: CapturedPath['ended'],
  { returned, threw }: PathOutcome,
): { readonly text: string; readonly isFailure: boolean } {
  const value = ended === 'threw' ? threw : ended === 'returned' ? returned : undefined;
  const text = value === undefined ? ENDS[ended] : `${ENDS[ended]} ${inline(value, 1)}`;
  return { text, isFailure: ended === 'threw' };
}

function functionOf(
  { calls, functions }: CapturedPath,
  call: number,
): { readonly name: string; readonly source: string } {
  return functions[calls[call]?.function ?? 0] ?? { name: '', source: '' };
}
