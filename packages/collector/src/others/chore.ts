import { setTimeout as sleep } from 'node:timers/promises';

/** Work that is asked for from several sides, and done by one at a time: what is asked for meanwhile is done once more. */
export class Chore {
  readonly #work: () => Promise<unknown>;
  readonly #failed: (error: unknown) => void;
  readonly #restMs: number;
  #isWanted = false;
  #done: Promise<void> | undefined;

  /** @param restMs between two times that it is done, ms */
  constructor(work: () => Promise<unknown>, failed: (error: unknown) => void, restMs = 0) {
    this.#work = work;
    this.#failed = failed;
    this.#restMs = restMs;
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
      if (this.#isWanted) await sleep(this.#restMs);
    }
    this.#done = undefined;
  }
}
