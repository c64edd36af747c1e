import type { BranchArm } from './manifest.js';
import type { StepsPlace } from './steps.js';
import type { CapturedProperty, CapturedValue } from './value.js';

/** One call, line by line: what a process is told to record, and what it sends. */

/** What a process records of a call. */
export interface PathCommand {
  /** The function whose calls are recorded. */
  readonly root: StepsPlace;
  /** Functions whose steps belong to the recording of a call, when they run below it or in the same request. */
  readonly includes: readonly StepsPlace[];
  /** Steps of one recording: the first half and the last half are kept. At least 2. */
  readonly steps: number;
}

/**
 * A recorded call. To replay it, go through `steps` in order: each is a statement that was about to run, in the call
 * `calls[step.call]`, and `changed` is what is new since that call's step before.
 */
export interface CapturedPath {
  readonly functions: readonly PathFunction[];
  /** The recorded call first, then those of other functions that belong to it, as they began. */
  readonly calls: readonly PathCall[];
  readonly steps: readonly PathStep[];
  /** Steps left out of the middle, and the index in `steps` of the first one behind them. */
  readonly omitted?: { readonly before: number; readonly count: number };
  /** How it ended; `ended`: in a way that could not be seen; `reached`: it is shown up to the second point of its probe. */
  readonly ended: PathEnd | 'reached';
}

export type PathEnd = 'returned' | 'threw' | 'ended';

export interface PathFunction {
  /** As a stack shows it. */
  readonly name: string;
  /** Original source, whole path. */
  readonly source: string;
}

export interface PathCall {
  /** Index into {@link CapturedPath.functions}. */
  readonly function: number;
  /** Calls of the recording around it: 0 is the recorded call. */
  readonly depth: number;
  /** How it ended, where that was seen, and when: µs since the recorded call began. */
  readonly ended?: PathEnd;
  readonly us?: number;
  /** Of calls that belong to the recorded one. What that returned or threw is the capture's. */
  readonly returned?: CapturedValue;
  readonly threw?: CapturedValue;
}

/** A statement that was about to run. */
export interface PathStep {
  /** Index into {@link CapturedPath.calls}. */
  readonly call: number;
  readonly line: number;
  readonly column: number;
  /** Since the recorded call began, µs. */
  readonly us: number;
  /** Of a branching statement: which of its arms ran then. `none`: no arm that has a statement. Absent: it is not known. */
  readonly arm?: BranchArm | 'none';
  /** The step is the first of an arm that its branching statement did not announce: of a `catch`, a `finally`, the next `case`. */
  readonly enters?: BranchArm;
  /**
   * Variables that have a value for the first time, or another one than at the call's step before. References are to
   * objects of the same variable. Absent: none.
   */
  readonly changed?: readonly CapturedProperty[];
}

export const PATH_LIMITS = {
  /** Steps of one recording unless its probe says otherwise, and at most. */
  steps: 500,
  maxSteps: 5_000,
  /** Other functions that one probe follows. */
  includes: 10,
  /** Calls of one probe that are recorded at the same time in one process. */
  recordings: 100,
  /** When there are as many, the one that began first goes, after this time, ms. */
  patienceMs: 60_000,
  /** Bytes of all recordings of a process; beyond it they keep lines without values. */
  bytes: 16 * 1_048_576,
} as const;
