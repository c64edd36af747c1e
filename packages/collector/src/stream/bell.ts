import { EventEmitter, once } from 'node:events';

/** Wakes everybody who waits for news. What the news is, each reads from the database. */
export class Bell {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  #rings = 0;

  /** How often it has rung. Note it before looking for news, and none is missed. */
  get rings(): number {
    return this.#rings;
  }

  /** Whether anybody waits. */
  get isAwaited(): boolean {
    return this.#emitter.listenerCount('ring') > 0;
  }

  ring(): void {
    this.#rings++;
    this.#emitter.emit('ring');
  }

  /** Waits until it has rung more often than `seen`. Rejects when `signal` aborts. */
  async after(seen: number, signal: AbortSignal): Promise<void> {
    if (this.#rings === seen) await once(this.#emitter, 'ring', { signal });
  }
}
