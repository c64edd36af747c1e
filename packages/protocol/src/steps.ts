import type { BranchArm } from './manifest.js';
import type { FunctionAddress } from './probe.js';

/** A function of one build with all of its points: for probes that follow a call from line to line. */
export interface StepsPlace extends FunctionAddress {
  /** As a stack shows it. */
  readonly function: string;
  /** Original source, whole path. */
  readonly source: string;
  /** Neither async nor a generator: its calls are over when the event loop turns. */
  readonly synchronous: boolean;
  /** Whether a call's begin knows `this`. */
  readonly self: boolean;
  /** Variables of the function; points refer to them by index. */
  readonly names: readonly string[];
  readonly parameters: readonly number[];
  /** In index order, as in the manifest. */
  readonly points: readonly StepPoint[];
}

/** A point as a process is told of it: what its hook passes, and where in its function it stands. */
export interface StepPoint {
  readonly line: number;
  readonly column: number;
  readonly self: boolean;
  /** Indices into {@link StepsPlace.names}. */
  readonly locals: readonly number[];
  readonly outers?: readonly number[];
  /** The innermost branching statement around it, by the index of its point, and the arm it stands in. */
  readonly branch?: readonly [of: number, arm: BranchArm];
}
