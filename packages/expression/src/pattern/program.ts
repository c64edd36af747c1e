import { type Alphabet, alphabetOf } from './alphabet.js';
import type { CodeUnits } from './code-units.js';
import { PatternError } from './pattern-error.js';
import type { Assertion, ParsedPattern, Part, Repeat } from './syntax.js';

/** Instructions of one program: what bounds the work for each character of a text. */
const MOST_INSTRUCTIONS = 1_000;

/**
 * A regular expression as a program for a machine that follows all of its threads at once (Thompson 1968, Pike):
 * no text makes it take more than instructions × characters. `a` and `b` are the operands of the instruction of the
 * same index.
 */
export interface Program {
  readonly operations: readonly Operation[];
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** Places that a thread keeps: begin and end of every group, and where rounds began. */
  readonly slots: number;
  readonly alphabet: Alphabet;
}

export const UNITS = 0; // goes on where the next unit is in set `a`
export const JUMP = 1; // to `a`
export const SPLIT = 2; // to `a`, and if that fails to `b`
export const SAVE = 3; // the place, in slot `a`
export const CLEAR = 4; // the slots from `a` to before `b`
export const PROGRESS = 5; // fails where slot `a` holds this place: a round that ate nothing
export const ASSERT = 6; // assertion `a`
export const MATCH = 7;

type Operation =
  | typeof UNITS
  | typeof JUMP
  | typeof SPLIT
  | typeof SAVE
  | typeof CLEAR
  | typeof PROGRESS
  | typeof ASSERT
  | typeof MATCH;

/** Operands of `ASSERT`. */
export const ASSERTIONS: readonly Assertion[] = [
  'start',
  'end',
  'lineStart',
  'lineEnd',
  'wordEdge',
  'noWordEdge',
];

/** @throws PatternError for one that is too large */
export function compileProgram({ body, groups }: ParsedPattern): Program {
  const writer = new ProgramWriter(groups);
  writer.write({ kind: 'group', index: 0, body });
  return writer.finish();
}

class ProgramWriter {
  readonly #operations: Operation[] = [];
  readonly #a: number[] = [];
  readonly #b: number[] = [];
  readonly #sets: CodeUnits[] = [];
  readonly #setIndex = new Map<string, number>();
  #slots: number;

  constructor(groups: number) {
    this.#slots = 2 * (groups + 1);
  }

  finish(): Program {
    this.#emit(MATCH);
    return {
      operations: this.#operations,
      a: this.#a,
      b: this.#b,
      slots: this.#slots,
      alphabet: alphabetOf(this.#sets),
    };
  }

  write(part: Part): void {
    switch (part.kind) {
      case 'units':
        this.#emit(UNITS, this.#set(part.units));
        return;
      case 'sequence':
        for (const each of part.parts) this.write(each);
        return;
      case 'choice':
        return this.#writeChoice(part.options);
      case 'group':
        this.#emit(SAVE, 2 * part.index);
        this.write(part.body);
        this.#emit(SAVE, 2 * part.index + 1);
        return;
      case 'assertion':
        this.#emit(ASSERT, ASSERTIONS.indexOf(part.assertion));
        return;
      case 'repeat':
        return this.#writeRepeat(part);
    }
  }

  #writeChoice(options: readonly Part[]): void {
    const jumps: number[] = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) return this.write(option);
      const split = this.#emit(SPLIT);
      this.#a[split] = this.#next;
      this.write(option);
      jumps.push(this.#emit(JUMP));
      this.#b[split] = this.#next;
    });
    for (const jump of jumps) this.#a[jump] = this.#next;
  }

  /** The rounds that must be, written out, then those that may be. */
  #writeRepeat(repeat: Repeat): void {
    for (let round = 0; round < repeat.least; round++) this.#writeRound(repeat);
    if (repeat.most === Infinity) this.#writeLoop(repeat);
    else this.#writeOptional(repeat, repeat.most - repeat.least);
  }

  #writeRound({ body, groups: [first, end] }: Repeat): void {
    if (end > first) this.#emit(CLEAR, 2 * first, 2 * end);
    this.write(body);
  }

  #writeLoop(repeat: Repeat): void {
    const split = this.#emit(SPLIT);
    this.#writeMovingRound(repeat);
    this.#emit(JUMP, split);
    this.#aim(split, repeat.greedy);
  }

  #writeOptional(repeat: Repeat, rounds: number): void {
    const splits: number[] = [];
    for (let round = 0; round < rounds; round++) {
      splits.push(this.#emit(SPLIT));
      this.#writeMovingRound(repeat);
    }
    for (const split of splits) this.#aim(split, repeat.greedy);
  }

  /** A round that need not be is not one if it eats nothing. */
  #writeMovingRound(repeat: Repeat): void {
    if (!canBeEmpty(repeat.body)) return this.#writeRound(repeat);
    if (hasLazyPart(repeat.body)) throw new PatternError(LAZY_AND_EMPTY, 0);
    const slot = this.#slots++;
    this.#emit(SAVE, slot);
    this.#writeRound(repeat);
    this.#emit(PROGRESS, slot);
  }

  /** Lets a split before a round go into it or past all that was written since. */
  #aim(split: number, greedy: boolean): void {
    this.#a[split] = greedy ? split + 1 : this.#next;
    this.#b[split] = greedy ? this.#next : split + 1;
  }

  get #next(): number {
    return this.#operations.length;
  }

  #emit(operation: Operation, a = 0, b = 0): number {
    if (this.#next >= MOST_INSTRUCTIONS) {
      throw new PatternError(
        `The regular expression is too large: written out, its repetitions have more than ${MOST_INSTRUCTIONS} parts.`,
        0,
      );
    }
    this.#a.push(a);
    this.#b.push(b);
    return this.#operations.push(operation) - 1;
  }

  #set(units: CodeUnits): number {
    const key = units.join();
    const known = this.#setIndex.get(key);
    if (known !== undefined) return known;
    this.#setIndex.set(key, this.#sets.length);
    return this.#sets.push(units) - 1;
  }
}

/** Threads that stand at the same place are one here, and of such a repetition they would have to be told apart. */
const LAZY_AND_EMPTY =
  'A repetition whose rounds may be empty cannot have lazy parts: in `(a*?)*`, write `a*` or `a+?`.';

function hasLazyPart(part: Part): boolean {
  switch (part.kind) {
    case 'units':
    case 'assertion':
      return false;
    case 'sequence':
      return part.parts.some(hasLazyPart);
    case 'choice':
      return part.options.some(hasLazyPart);
    case 'group':
      return hasLazyPart(part.body);
    case 'repeat':
      return !part.greedy || hasLazyPart(part.body);
  }
}

function canBeEmpty(part: Part): boolean {
  switch (part.kind) {
    case 'units':
      return false;
    case 'assertion':
      return true;
    case 'sequence':
      return part.parts.every(canBeEmpty);
    case 'choice':
      return part.options.some(canBeEmpty);
    case 'group':
      return canBeEmpty(part.body);
    case 'repeat':
      return part.least === 0 || canBeEmpty(part.body);
  }
}
