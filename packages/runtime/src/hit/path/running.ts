import type { RecordedCall } from './recorded-call.js';

/**
 * Which recorded call runs at this moment, as far as calls, waits and lines tell: what it calls belongs to its recording.
 * Calls that end unseen are found out by the next line of a call around them.
 */
export class Running {
  /** The innermost. */
  call: RecordedCall | undefined;

  /** The call begins, or goes on. */
  arrive(call: RecordedCall): void {
    if (this.call === call) return;
    if (!this.#holds(call)) call.outer = this.call;
    this.call = call;
  }

  /** The call is done, or waits: whatever called it goes on. */
  leave(call: RecordedCall): void {
    if (this.#holds(call)) this.call = call.outer;
  }

  #holds(call: RecordedCall): boolean {
    for (let inner = this.call; inner !== undefined; inner = inner.outer) if (inner === call) return true;
    return false;
  }
}
