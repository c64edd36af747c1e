import type { Goal } from '../../src/index.ts';

/** A program and what must be true of it; what it traces is compared in every state besides. */
export interface Case {
  readonly name: string;
  readonly code: string;
  /** Default: both. */
  readonly goal?: Goal;
  /** Other modules or scripts that the program loads, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The error that ends the program, as `Name: message`. Default: none. */
  readonly error?: string;
  /** Stack lines are compared while nothing is armed: a twin has one line only. */
  readonly idleOnly?: true;
  /** For functions by name, the form they must have. */
  readonly forms?: Readonly<Record<string, 'twin' | 'inline'>>;
  /** Hits that must be among those of the armed program, as `function:line name=value …`, and ` in f(1)` for the call whose frame is passed. */
  readonly hits?: readonly string[];
  /** Calls that must be among those of the armed program, as `function(values) returned value`, `… threw error`, `… ended`. */
  readonly calls?: readonly string[];
  /** Calls and how they are suspended: `function(values) waits, goes on, returned`. */
  readonly waits?: readonly string[];
  /** Hits that must not be there, by the same text or its beginning. */
  readonly noHits?: readonly string[];
}
