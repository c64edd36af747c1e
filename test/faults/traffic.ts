import type { Server } from '../../scripts/lib/processes.ts';

/** Under way to each process at any time. */
const CALLERS = 2;
/** Before a caller asks again: a process captures no more than 1,000 times a second. */
const PAUSE_MS = 4;

/** Requests to programs, which can be held. */
export class Traffic {
  readonly #services: readonly Server[];
  readonly #asked: number[];
  #isHeld = true;
  #callers: Promise<void>[] = [];

  constructor(services: readonly Server[]) {
    this.#services = services;
    this.#asked = services.map(() => 0);
  }

  flow(): void {
    this.#isHeld = false;
    this.#callers = this.#services.flatMap((service, index) =>
      Array.from({ length: CALLERS }, () => this.#call(service, index)),
    );
  }

  /** Resolves when nothing is under way, with how often each program was asked in its life. */
  async hold(): Promise<readonly number[]> {
    this.#isHeld = true;
    await Promise.all(this.#callers);
    return this.#asked;
  }

  async #call({ url }: Server, index: number): Promise<void> {
    while (!this.#isHeld) {
      const response = await fetch(new URL('/quotes/ALDR?side=buy&quantity=1', url));
      await response.arrayBuffer();
      this.#asked[index]!++;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
