import { SKETCH_GAMMA } from '@dormouse/protocol';

const { ceil, log, LN2 } = Math;

const BINS_PER_E = 1 / log(SKETCH_GAMMA);
const BINS_PER_OCTAVE = LN2 * BINS_PER_E;

/** Leading bits of a double's fraction that are looked up; it has 20 of them in its upper half. */
const BITS = 10;
const CELLS = 2 ** BITS;

/** By these bits: the logarithm, in bins, of the middle of the numbers from 1 to 2 that begin so. */
const LOGARITHMS = Float64Array.from(
  { length: CELLS },
  (_, cell) => log(1 + (cell + 0.5) / CELLS) * BINS_PER_E,
);

/** How far the logarithm of any number may be from that of its middle, in bins. */
const ERROR = BINS_PER_E / (2 * CELLS);

/** What a double has as its exponent that is too small for a fraction of the usual form. */
const SUBNORMAL = -1_023;

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
const UPPER = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * The bin of a sketch in which a number lies, the logarithm to the base γ rounded up. A logarithm takes as long as all
 * the rest of a histogram's addition, so it is looked up, and calculated only for the one number in twenty that is too
 * close to the end of a bin to be sure of it.
 * @param magnitude finite, over 0
 */
export function binOf(magnitude: number): number {
  double[0] = magnitude;
  const upper = halves[UPPER] as number;
  const exponent = (upper >>> 20) + SUBNORMAL;
  const cell = (upper >>> (20 - BITS)) & (CELLS - 1);
  const about = exponent * BINS_PER_OCTAVE + (LOGARITHMS[cell] as number);
  const bin = ceil(about);
  const isSure = exponent > SUBNORMAL && bin - about > ERROR && about - (bin - 1) > ERROR;
  return isSure ? bin : ceil(log(magnitude) * BINS_PER_E);
}
