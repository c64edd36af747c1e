import type { CaptureView } from '@dormouse/protocol';
import { inline } from '../../../words/value.js';
import { sectionsOf } from './sections.js';

/** Deep enough to see what a capture has of a value. */
const WHOLE = 20;

/** A value in two captures; absent where one does not have it. */
export interface Difference {
  readonly section: string;
  readonly name: string;
  readonly left: string | undefined;
  readonly right: string | undefined;
  readonly isSame: boolean;
}

/** All values of two captures beside each other, in the order of the first. */
export function differences(left: CaptureView, right: CaptureView): readonly Difference[] {
  const [mine, theirs] = [textsOf(left), textsOf(right)];
  const keys = new Set([...mine.keys(), ...theirs.keys()]);
  return [...keys].map((key) => {
    const [section = '', name = ''] = JSON.parse(key) as [string, string];
    const [a, b] = [mine.get(key), theirs.get(key)];
    return { section, name, left: a, right: b, isSame: a === b };
  });
}

const textsOf = (capture: CaptureView): Map<string, string> =>
  new Map(
    sectionsOf(capture).flatMap(({ name: section, parts }) =>
      parts.map(({ name, value }) => [JSON.stringify([section, name]), inline(value, WHOLE)]),
    ),
  );
