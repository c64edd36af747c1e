import type { CodeUnits } from './code-units.js';

/** A regular expression as a tree. */
export type Part =
  | { readonly kind: 'units'; readonly units: CodeUnits }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly options: readonly Part[] }
  | { readonly kind: 'group'; readonly index: number; readonly body: Part }
  | Repeat
  | { readonly kind: 'assertion'; readonly assertion: Assertion };

export interface Repeat {
  readonly kind: 'repeat';
  readonly body: Part;
  readonly least: number;
  /** `Infinity` for no end. */
  readonly most: number;
  readonly greedy: boolean;
  /** The groups inside, which every round empties: from the first to before the last. */
  readonly groups: readonly [first: number, end: number];
}

export type Assertion = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'wordEdge' | 'noWordEdge';

export interface ParsedPattern {
  readonly body: Part;
  /** Groups that capture, the whole match not counted. */
  readonly groups: number;
  readonly names: readonly (readonly [name: string, index: number])[];
}
