import type { CaptureLimits, OmissionReason } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { byteLength } from '../intrinsics.js';
import { Leniency } from './leniency.js';

const { monotonicMs, trunc } = intrinsics;

/** Nodes between two looks at the clock, which costs as much as a node. */
const NODES_PER_LOOK = 32;

/** Of a value without its text: its type, and the names of its fields. */
const VALUE_BYTES = 28;

/** More of one that holds others: the names of its fields, and sometimes why something is left out. */
const HOLDER_BYTES = 20;

/** Of a property without key and value: the names of its fields. */
const PROPERTY_BYTES = 14;

/** Shorter texts count as if they were ASCII: to look at them would take longer than they are worth. */
const SHORT = 256;

/**
 * Nodes, bytes and time of one capture. A variable may use half of the nodes that are left, so that one wide variable
 * leaves something for all after it.
 */
export class Budget {
  /** Why nothing more may be shown of the current variable. */
  exhausted: OmissionReason | undefined;

  readonly #nodes: number;
  #nodesLeft: number;
  /** Nodes that are left for the variables after the current one. */
  #nodesKept = 0;
  #nodesUntilLook = NODES_PER_LOOK;
  readonly #bytes: number;
  #bytesLeft: number;
  /** Monotonic ms. */
  readonly startedAt = monotonicMs();
  #lookedAt = this.startedAt;
  #deadline: number;
  readonly #leniency = new Leniency();

  constructor({ nodes, bytes, timeMs }: CaptureLimits) {
    this.#nodes = nodes;
    this.#nodesLeft = nodes;
    this.#bytes = bytes;
    this.#bytesLeft = bytes;
    this.#deadline = this.startedAt + timeMs;
  }

  get nodesSpent(): number {
    return this.#nodes - this.#nodesLeft;
  }

  /** As they are estimated. */
  get bytesSpent(): number {
    return this.#bytes - this.#bytesLeft;
  }

  startVariable(): void {
    if (this.exhausted === 'nodeCount') this.exhausted = undefined;
    this.#nodesKept = trunc(this.#nodesLeft / 2);
    if (this.#nodesLeft <= this.#nodesKept) this.exhausted ??= 'nodeCount';
  }

  /** Takes a node. */
  spend(): void {
    this.spendBytes(VALUE_BYTES);
    this.#nodesLeft--;
    if (this.#nodesLeft <= this.#nodesKept) this.exhausted ??= 'nodeCount';
    if (--this.#nodesUntilLook === 0) this.lookAtClock();
  }

  spendHolder(): void {
    this.spendBytes(HOLDER_BYTES);
  }

  spendKey(text: string): void {
    this.spendBytes(PROPERTY_BYTES);
    this.spendText(text);
  }

  spendText(text: string): void {
    this.spendBytes(text.length <= SHORT ? text.length : byteLength(text));
  }

  spendBytes(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft < 0) this.exhausted ??= 'payloadTooLarge';
  }

  /** To be called after anything that may have taken long for a single node. */
  lookAtClock(): void {
    this.#nodesUntilLook = NODES_PER_LOOK;
    const now = monotonicMs();
    if (now > this.#deadline) this.#late(now);
    this.#lookedAt = now;
  }

  #late(now: number): void {
    const pause = now - this.#lookedAt;
    if (this.#leniency.forgives(pause)) this.#deadline += pause;
    else this.exhausted = 'timeout';
  }
}
