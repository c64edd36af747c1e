import { charCodeAt, fromCharCode, getterOf, uncurry } from '../inspect/language.js';
import { EDGE, letterOf } from './alphabet.js';
import { holds } from './assertions.js';
import { ASSERT, JUMP, MATCH, type Program, SPLIT, UNITS } from './program.js';

/** Takes note of work, in instructions; throws when it is too much. */
export type Pay = (instructions: number) => void;

/** Asks whether a text has a match. Builds the states that its texts lead to, so most characters cost one table look-up. */
export type Scan = (text: string, pay: Pay) => boolean;

/** The places in the program that the characters so far lead to. */
interface State {
  readonly places: readonly number[];
  /** Of the character before. */
  readonly kind: number;
  /** By letter, the end of the text being the last: once it is known, where it leads. */
  readonly next: (State | undefined)[];
}

/** States kept; with more than this all are forgotten, so that no text takes the program's memory. */
const MOST_STATES = 500;

type States = Map<string, State>;
const recall = uncurry(Map.prototype.get) as (states: States, key: string) => State | undefined;
const remember = uncurry(Map.prototype.set) as (states: States, key: string, state: State) => void;
const forgetAll = uncurry(Map.prototype.clear) as (states: States) => void;
const sizeOf = uncurry(getterOf(Map.prototype, 'size')) as (states: States) => number;

const MATCHED: State = { places: [], kind: EDGE, next: [] };

export function createScan(program: Program): Scan {
  const { alphabet, operations, a, b } = program;
  const { kinds, letters, members } = alphabet;
  const states: States = new Map();
  const marks = new Uint32Array(operations.length);
  let mark = 0;
  const first: State = stateOf([], EDGE);

  function stateOf(places: readonly number[], kind: number): State {
    let key = fromCharCode(kind);
    for (let index = 0; index < places.length; index++) key += fromCharCode(places[index]!);
    const known = recall(states, key);
    if (known !== undefined) return known;
    if (sizeOf(states) >= MOST_STATES) forgetAll(states);
    const state: State = { places, kind, next: [] };
    remember(states, key, state);
    return state;
  }

  /** Where a letter leads from a state; a match may begin at every character. */
  function step(state: State, letter: number, pay: Pay): State {
    const kind = letter === letters ? EDGE : kinds[letter]!;
    const reached: number[] = [];
    const waiting: number[] = [0];
    for (let index = 0; index < state.places.length; index++) waiting[index + 1] = state.places[index]!;
    mark++;
    let visits = 0;
    while (waiting.length > 0) {
      const at = waiting[waiting.length - 1]!;
      waiting.length--;
      if (marks[at] === mark) continue;
      marks[at] = mark;
      visits++;
      switch (operations[at]) {
        case MATCH:
          return MATCHED;
        case UNITS:
          if (letter < letters && members[a[at]! * letters + letter]) reached[reached.length] = at + 1;
          break;
        case ASSERT:
          if (holds(a[at]!, state.kind, kind)) waiting[waiting.length] = at + 1;
          break;
        case SPLIT:
          waiting[waiting.length] = b[at]!;
          waiting[waiting.length] = a[at]!;
          break;
        case JUMP:
          waiting[waiting.length] = a[at]!;
          break;
        default:
          waiting[waiting.length] = at + 1;
      }
    }
    pay(visits);
    return stateOf(reached, kind);
  }

  function follow(state: State, letter: number, pay: Pay): State {
    return (state.next[letter] ??= step(state, letter, pay));
  }

  return (text, pay) => {
    let state = first;
    for (let at = 0; at < text.length; at++) {
      const letter = letterOf(alphabet, charCodeAt(text, at));
      state = state.next[letter] ?? follow(state, letter, pay);
      if (state === MATCHED) return true;
    }
    return follow(state, letters, pay) === MATCHED;
  };
}
