import { charCodeAt } from '../inspect/language.js';
import { EDGE, letterOf } from './alphabet.js';
import { holds } from './assertions.js';
import { ASSERT, CLEAR, JUMP, MATCH, PROGRESS, type Program, SAVE, SPLIT, UNITS } from './program.js';
import type { Pay } from './scan.js';

/** Begin and end of the match and of each group, in turn, and more; -1 where a group took no part. */
export type Places = readonly number[];

/** Finds the first match at or after a place of a text: the one that JavaScript finds. */
export type Search = (text: string, from: number, pay: Pay) => Places | undefined;

/** Threads of the program, the one that counts most first. */
interface Threads {
  readonly at: number[];
  readonly places: Places[];
}

export function createSearch(program: Program): Search {
  const { alphabet, operations, a, b, slots } = program;
  const { kinds, letters, members } = alphabet;
  const untouched: Places = Array.from({ length: slots }, () => -1);
  const beginnings = beginningsOf(program);
  const marks = new Uint32Array(operations.length);
  let mark = 0;

  const letterAt = (text: string, place: number): number =>
    place < text.length ? letterOf(alphabet, charCodeAt(text, place)) : letters;

  const kindOf = (letter: number): number => (letter === letters ? EDGE : kinds[letter]!);

  /**
   * Follows a thread along everything it could do at a place, to where it needs a character or has matched.
   * @returns the instructions on the way
   */
  function follow(
    from: number,
    places: Places,
    place: number,
    kindBefore: number,
    kindAfter: number,
    into: Threads,
  ): number {
    let visits = 0;
    const waiting: Threads = { at: [from], places: [places] };
    while (waiting.at.length > 0) {
      const at = waiting.at[waiting.at.length - 1]!;
      const kept = waiting.places[waiting.at.length - 1]!;
      waiting.at.length--;
      waiting.places.length--;
      if (marks[at] === mark) continue;
      marks[at] = mark;
      visits++;
      switch (operations[at]) {
        case SPLIT:
          add(waiting, b[at]!, kept);
          add(waiting, a[at]!, kept);
          break;
        case JUMP:
          add(waiting, a[at]!, kept);
          break;
        case SAVE:
          add(waiting, at + 1, replaced(kept, a[at]!, a[at]! + 1, place));
          break;
        case CLEAR:
          add(waiting, at + 1, replaced(kept, a[at]!, b[at]!, -1));
          break;
        case PROGRESS:
          if (kept[a[at]!] !== place) add(waiting, at + 1, kept);
          break;
        case ASSERT:
          if (holds(a[at]!, kindBefore, kindAfter)) add(waiting, at + 1, kept);
          break;
        default:
          add(into, at, kept);
      }
    }
    return visits;
  }

  return (text, from, pay) => {
    let matched: Places | undefined;
    let threads: Threads = { at: [], places: [] };
    let kindBefore = from === 0 ? EDGE : kindOf(letterAt(text, from - 1));
    for (let place = from; place <= text.length; place++) {
      const letter = letterAt(text, place);
      const kindAfter = kindOf(letter);
      const mayBegin = matched === undefined && (beginnings === undefined || beginnings[letter] === 1);
      if (!mayBegin && threads.at.length === 0) {
        if (matched !== undefined) break;
        kindBefore = kindAfter;
        continue;
      }
      const ready: Threads = { at: [], places: [] };
      let visits = 1;
      mark++;
      for (let index = 0; index < threads.at.length; index++)
        visits += follow(threads.at[index]!, threads.places[index]!, place, kindBefore, kindAfter, ready);
      if (mayBegin) visits += follow(0, untouched, place, kindBefore, kindAfter, ready);
      pay(visits);
      threads = { at: [], places: [] };
      for (let index = 0; index < ready.at.length; index++) {
        const at = ready.at[index]!;
        if (operations[at] === MATCH) {
          matched = ready.places[index]!;
          break;
        }
        if (letter < letters && members[a[at]! * letters + letter])
          add(threads, at + 1, ready.places[index]!);
      }
      kindBefore = kindAfter;
    }
    return matched;
  };
}

/** Whether a match can begin with a letter; `undefined` where one may be empty. */
function beginningsOf({ alphabet, operations, a, b }: Program): Uint8Array | undefined {
  const { letters, members } = alphabet;
  const beginnings = new Uint8Array(letters);
  const reached = new Set([0]);
  for (const at of reached) {
    switch (operations[at]) {
      case MATCH:
        return undefined;
      case UNITS:
        for (let letter = 0; letter < letters; letter++)
          beginnings[letter]! |= members[a[at]! * letters + letter]!;
        break;
      case SPLIT:
        reached.add(a[at]!).add(b[at]!);
        break;
      case JUMP:
        reached.add(a[at]!);
        break;
      default:
        reached.add(at + 1);
    }
  }
  return beginnings;
}

function add({ at, places }: Threads, instruction: number, kept: Places): void {
  at[at.length] = instruction;
  places[places.length] = kept;
}

/** A copy with another number from one slot to before another. */
function replaced(places: Places, from: number, end: number, by: number): Places {
  const copy: number[] = [];
  for (let slot = 0; slot < places.length; slot++)
    copy[slot] = slot >= from && slot < end ? by : places[slot]!;
  return copy;
}
