/**
 * Work on single probes for which very many processes ask at once. Whoever asks while it is under way waits for the next
 * time, together with all others who do.
 */
export class DoneTogether {
  readonly #work: (id: string) => Promise<void>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(work: (id: string) => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when the work was begun after this call and is done. @throws what it throws */
  ask(id: string): Promise<void> {
    const asked = this.#next.get(id);
    if (asked !== undefined) return asked;
    const former = this.#running.get(id) ?? Promise.resolve();
    const next = former.catch(() => {}).then(() => this.#begin(id));
    this.#next.set(id, next);
    return next;
  }

  #begin(id: string): Promise<void> {
    this.#next.delete(id);
    const running = this.#work(id).finally(() => {
      if (this.#running.get(id) === running) this.#running.delete(id);
    });
    this.#running.set(id, running);
    return running;
  }
}
