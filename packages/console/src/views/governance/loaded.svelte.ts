/** What was asked for once, and may be asked for again. */
export class Loaded<Answer> {
  /** Nothing until the collector has answered. */
  value: Answer | undefined = $state.raw();
  trouble: unknown = $state.raw();
  readonly #ask: () => Promise<Answer>;
  #asked = 0;

  constructor(ask: () => Promise<Answer>) {
    this.#ask = ask;
  }

  /** What was asked for last counts, in whatever order answers come. */
  async reload(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const value = await this.#ask();
      if (asked !== this.#asked) return;
      this.value = value;
      this.trouble = undefined;
    } catch (error) {
      if (asked === this.#asked) this.trouble = error;
    }
  }
}
