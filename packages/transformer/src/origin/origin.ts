import type { ManifestSource } from '@dormouse/protocol';
import type { Provenance } from '../2-plan/plan.js';

/** A place in an original source; line and column count from 1. */
export interface Place {
  readonly source: number;
  readonly line: number;
  readonly column: number;
}

/** Where the text being woven came from: itself, or what its source map says. */
export interface Origin extends Provenance {
  readonly sources: readonly ManifestSource[];
  /** The texts of the sources, where they are at hand. */
  readonly texts: readonly (string | undefined)[];
  /** The original place of an offset; undefined for text that a compiler added. */
  placeOf(offset: number): Place | undefined;
}
