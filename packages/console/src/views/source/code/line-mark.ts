import type { ProbeKind } from '@dormouse/protocol';

/** How a probe stands, as one sees at a glance. */
export type MarkState = 'armed' | 'waiting' | 'resting' | 'ended';

/** A probe beside its line: what it is, how often it hits, and what it saw last. */
export interface LineMark {
  readonly probe: string;
  readonly kind: ProbeKind;
  readonly state: MarkState;
  readonly hits: number;
  /** Hits in each of the last sixty seconds. */
  readonly beats: readonly number[];
  /** The latest capture in one line. */
  readonly last: string | undefined;
  /** What keeps it from hitting. */
  readonly obstacle: string | undefined;
  readonly isChosen: boolean;
}

export const isSameMark = (a: LineMark, b: LineMark): boolean =>
  a.probe === b.probe &&
  a.state === b.state &&
  a.hits === b.hits &&
  a.last === b.last &&
  a.obstacle === b.obstacle &&
  a.isChosen === b.isChosen &&
  a.beats.every((count, index) => count === b.beats[index]);
