import type { CapturedPath, CapturedProperty } from '@dormouse/protocol';
import type { Overlay } from '../../../state/overlay.js';
import { inline, type Part } from '../../../words/value.js';

/** A replayed call as it stands at one of its steps. */
export interface Moment {
  readonly overlay: Overlay;
  /** Variables of the call that the step is in, as they are then. */
  readonly variables: readonly Part[];
}

/** @param at index of the step that is about to run */
export function momentOf(path: CapturedPath, at: number): Moment {
  const step = path.steps[at]!;
  const file = sourceOf(path, step.call);
  const variables = new Map<string, Part>();
  const trodden = new Set<number>();
  const notes = new Map<number, Map<string, string>>();
  let lineBefore = step.line;
  for (const [index, { call, line, changed = [] }] of path.steps.slice(0, at + 1).entries()) {
    if (sourceOf(path, call) === file && index < at) trodden.add(line);
    if (call !== step.call) continue;
    const isFirst = variables.size === 0;
    for (const { key, value } of changed) variables.set(key, { name: key, value });
    note(notes, isFirst ? line : lineBefore, changed);
    lineBefore = line;
  }
  return {
    overlay: { file, line: step.line, trodden: [...trodden], notes: asText(notes) },
    variables: [...variables.values()],
  };
}

/** Values belong beside the line that made them: the one that ran before they were seen. */
function note(
  notes: Map<number, Map<string, string>>,
  line: number,
  changed: readonly CapturedProperty[],
): void {
  const here = notes.get(line) ?? new Map<string, string>();
  for (const { key, value } of changed) if (key !== 'this') here.set(key, inline(value, 1));
  if (here.size > 0) notes.set(line, here);
}

const asText = (notes: Map<number, Map<string, string>>): Map<number, string> =>
  new Map(
    [...notes].map(([line, values]) => [
      line,
      [...values].map(([name, text]) => `${name} = ${text}`).join('   '),
    ]),
  );

const sourceOf = ({ calls, functions }: CapturedPath, call: number): string =>
  functions[calls[call]?.function ?? 0]?.source ?? '';
