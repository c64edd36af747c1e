/** Work that is asked for from several sides, and done by one at a time: what is asked for meanwhile is done once more. */
export class Chore {
  readonly #work: () => Promise<unknown>;
  readonly #failed: (error: unknown) => void;
  #isWanted = false;
  #done: Promise<void> | undefined;

  constructor(work: () => Promise<unknown>, failed: (error: unknown) => void) {
    this.#work = work;
    this.#failed = failed;
  }

  ask(): void {
    this.#isWanted = true;
    this.#done ??= this.#run();
  }

  /** Resolves when all that was asked for is done. */
  async done(): Promise<void> {
    await this.#done;
  }

  async #run(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#work().catch(this.#failed);
    }
    this.#done = undefined;
  }
}
