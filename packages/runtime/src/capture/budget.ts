import type { CaptureLimits, OmissionReason } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';

const { monotonicMs, trunc } = intrinsics;

/** Nodes between two looks at the clock, which costs as much as a node. */
const NODES_PER_LOOK = 32;

/**
 * Nodes and time of one capture. A variable may use half of the nodes that are left, so that one wide variable
 * leaves something for all after it.
 */
export class Budget {
  /** Why nothing more may be shown of the current variable. */
  exhausted: OmissionReason | undefined;

  #nodesLeft: number;
  /** Nodes that are left for the variables after the current one. */
  #nodesKept = 0;
  #nodesUntilLook = NODES_PER_LOOK;
  readonly #deadline: number;

  constructor({ nodes, timeMs }: CaptureLimits) {
    this.#nodesLeft = nodes;
    this.#deadline = monotonicMs() + timeMs;
  }

  startVariable(): void {
    if (this.exhausted !== 'timeout') this.exhausted = undefined;
    this.#nodesKept = trunc(this.#nodesLeft / 2);
    if (this.#nodesLeft <= this.#nodesKept) this.exhausted ??= 'nodeCount';
  }

  /** Takes a node. */
  spend(): void {
    this.#nodesLeft--;
    if (this.#nodesLeft <= this.#nodesKept) this.exhausted ??= 'nodeCount';
    if (--this.#nodesUntilLook === 0) this.lookAtClock();
  }

  /** To be called after anything that may have taken long for a single node. */
  lookAtClock(): void {
    this.#nodesUntilLook = NODES_PER_LOOK;
    if (monotonicMs() > this.#deadline) this.exhausted = 'timeout';
  }
}
