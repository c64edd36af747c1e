import { StateEffect, StateField } from '@codemirror/state';
import type { LineMark } from './line-mark.js';

/** What stands beside and upon the lines of the shown document, by index of the line, from 0. */
export interface Annotations {
  readonly able: ReadonlySet<number>;
  readonly marks: ReadonlyMap<number, readonly LineMark[]>;
  /** Values beside lines while a path is replayed. */
  readonly notes: ReadonlyMap<number, string>;
  /** Lines that a replayed path has run; and the one that it is at, or that a link points to. */
  readonly trodden: ReadonlySet<number>;
  readonly pointed: number | undefined;
}

const NONE: Annotations = {
  able: new Set(),
  marks: new Map(),
  notes: new Map(),
  trodden: new Set(),
  pointed: undefined,
};

export const annotate = StateEffect.define<Annotations>();

export const annotations = StateField.define<Annotations>({
  create: () => NONE,
  update: (value, { effects }) => effects.findLast((effect) => effect.is(annotate))?.value ?? value,
});
