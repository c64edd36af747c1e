import type { BranchArm } from '@dormouse/protocol';
import type { DraftStep } from './draft-step.js';
import type { FollowedFunction } from './followed-function.js';

/**
 * Which arms of its branching statements one call takes. A hook stands before a statement and knows nothing of what it
 * will do; but the next step tells: it stands in an arm of that statement, or in none.
 */
export class Branches {
  readonly #fn: FollowedFunction;
  /** By the index of a branching point: the arm that the call is in, or was in last. */
  readonly #arms: (BranchArm | undefined)[] = [];
  /** The last step, if it was of a branching statement. */
  #open: { readonly point: number; readonly step: DraftStep } | undefined;

  constructor(fn: FollowedFunction) {
    this.#fn = fn;
  }

  reached(point: number, step: DraftStep): void {
    const { points, branchings } = this.#fn;
    const open = this.#open;
    for (let branch = points[point]?.branch; branch !== undefined; branch = points[branch[0]]?.branch) {
      // Taking the pair apart would run the program's array iterator.
      const of = branch[0];
      const arm = branch[1];
      if (this.#arms[of] === arm) continue;
      this.#arms[of] = arm;
      if (open?.point === of) open.step.arm = branchings[of]?.isTry && arm === 'body' ? undefined : arm;
      else step.enters ??= arm;
    }
    // What leads to a `catch` or a `finally` may be the statement's own condition, which threw.
    const mayHaveThrown = step.enters === 'catch' || step.enters === 'finally';
    if (open !== undefined && !mayHaveThrown) this.#closeOpen();
    this.#open = undefined;
    if (branchings[point] === undefined) return;
    this.#arms[point] = undefined;
    this.#open = { point, step };
  }

  /** The call returns: a branching statement that was its last step took no arm. */
  returned(): void {
    this.#closeOpen();
  }

  #closeOpen(): void {
    const open = this.#open;
    if (open === undefined || this.#arms[open.point] !== undefined) return;
    if (this.#fn.branchings[open.point]?.hasFirstArm) open.step.arm = 'none';
  }
}
