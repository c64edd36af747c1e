import { setTimeout as sleep } from 'node:timers/promises';

/** Between two times, ms: while very many ask, others are served too. */
const REST_MS = 100;

/**
 * Work on single probes for which very many processes ask at once. Whoever asks while it is under way, or has just been done,
 * waits for the next time, together with all others who do.
 */
export class DoneTogether {
  readonly #work: (id: string) => Promise<void>;
  /** Settles when it has been done and may be done again. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(work: (id: string) => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when the work was begun after this call and is done. @throws what it throws */
  ask(id: string): Promise<void> {
    const asked = this.#next.get(id);
    if (asked !== undefined) return asked;
    const next = (this.#busy.get(id) ?? Promise.resolve()).then(() => this.#begin(id));
    this.#next.set(id, next);
    return next;
  }

  #begin(id: string): Promise<void> {
    this.#next.delete(id);
    const done = this.#work(id);
    const busy = rest(done).then(() => {
      if (this.#busy.get(id) === busy) this.#busy.delete(id);
    });
    this.#busy.set(id, busy);
    return done;
  }
}

async function rest(after: Promise<void>): Promise<void> {
  await after.catch(() => {});
  await sleep(REST_MS, undefined, { ref: false });
}
