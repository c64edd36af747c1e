/** Wakes a loop that rests between two rounds of its work, and ends it. */
export class Alarm {
  #next = new AbortController();
  #isOver = false;

  /** Aborted when it rings next. Taken before a loop looks for work, it misses nothing. */
  get next(): AbortSignal {
    return this.#next.signal;
  }

  /** Whether the loop is to end. */
  get isOver(): boolean {
    return this.#isOver;
  }

  ring(): void {
    this.#next.abort();
    if (!this.#isOver) this.#next = new AbortController();
  }

  /** Rings for the last time, and without end. */
  end(): void {
    this.#isOver = true;
    this.ring();
  }
}
