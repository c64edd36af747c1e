import type { RecordedCall } from './recorded-call.js';

/**
 * Which recorded call runs at this moment, as far as calls, waits and lines tell: what it calls belongs to its recording.
 * Calls that end unseen are found out by the next line of a call around them, or when the event loop has turned.
 */
export class Running {
  #innermost: RecordedCall | undefined;

  get call(): RecordedCall | undefined {
    let call = this.#innermost;
    while (call?.recording.isOver) call = call.outer;
    return (this.#innermost = call);
  }

  /** The call begins. */
  enter(call: RecordedCall): void {
    call.outer = this.call;
    this.#innermost = call;
  }

  /** It runs: it goes on, or those inside of it are done. */
  goOn(call: RecordedCall): void {
    if (this.#innermost === call) return;
    if (this.#holds(call)) this.#innermost = call;
    else this.enter(call);
  }

  /** It is done, or waits: whatever called it goes on. */
  leave(call: RecordedCall): void {
    if (this.#holds(call)) this.#innermost = call.outer;
  }

  /** The event loop has turned. */
  leaveAll(): void {
    this.#innermost = undefined;
  }

  #holds(call: RecordedCall): boolean {
    for (let inner = this.#innermost; inner !== undefined; inner = inner.outer) {
      if (inner === call) return true;
    }
    return false;
  }
}
