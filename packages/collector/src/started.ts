/** What goes on, in the order in which it was started. It is stopped in reverse: nothing loses what it rests on. */
export class Started {
  readonly #stops: (() => Promise<void> | void)[] = [];

  /** @param stop how what was started just now is stopped */
  push(stop: () => Promise<void> | void): void {
    this.#stops.push(stop);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).toReversed()) await stop();
  }
}
