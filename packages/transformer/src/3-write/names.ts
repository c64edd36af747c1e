import {
  ENTRY_LOCAL,
  ERROR_LOCAL,
  FRAME_LOCAL,
  HOOKS_PARAMETER,
  OUTERS_LOCAL,
  RESULT_LOCAL,
} from '@dormouse/protocol';
import type { Analysis } from '../2-plan/function-facts.js';
import { freeName, usedNames } from './free-name.js';
import { switchFirst } from './switches.js';

/** The names that the weaver writes into a file: none of them is used in it. */
export interface Names {
  /** The twin's first parameter. */
  readonly hooks: string;
  /** A local that holds the switch field at a `twin` function's entry. */
  readonly entry: string;
  /** A local of a twin: the thunk of the outer variables that its points share. */
  readonly outers: string;
  /** Locals of an inline function: its call's frame, what it returns or throws, and what is caught. */
  readonly frame: string;
  readonly result: string;
  readonly error: string;
  /** A function of the file's first switch object that returns its first argument. */
  readonly first: string;
}

export function namesFor(analysis: Analysis, id: string): Names {
  const used = usedNames(analysis);
  return {
    hooks: freeName(HOOKS_PARAMETER, used),
    entry: freeName(ENTRY_LOCAL, used),
    outers: freeName(OUTERS_LOCAL, used),
    frame: freeName(FRAME_LOCAL, used),
    result: freeName(RESULT_LOCAL, used),
    error: freeName(ERROR_LOCAL, used),
    first: switchFirst(id),
  };
}
