import type { CaptureStore } from '../storage/contract/captures.js';
import { Totals } from './totals.js';
import { windowsOf } from './windows.js';

/** Metrics whose totals are kept; of more, those that were not asked for longest are added up anew when they are. */
const KEPT = 100;

interface Running {
  readonly totals: Totals;
  /** Of the last window in them. */
  cursor: number;
  /** Settles when nobody adds to them. */
  idle: Promise<void>;
}

/** The totals of metrics from their beginning. Whoever looks at one again and again pays only for what is new. */
export class RunningTotals {
  readonly #captures: CaptureStore;
  /** By probe; the one asked for last comes last. */
  readonly #running = new Map<string, Running>();

  constructor(captures: CaptureStore) {
    this.#captures = captures;
  }

  async of(probe: string): Promise<Totals> {
    const running = this.#running.get(probe) ?? { totals: new Totals(), cursor: 0, idle: Promise.resolve() };
    this.#running.delete(probe);
    this.#running.set(probe, running);
    this.#forgetOldest();
    const added = running.idle.then(() => this.#addNew(probe, running));
    running.idle = added.catch(() => {});
    await added;
    return running.totals;
  }

  async #addNew(probe: string, running: Running): Promise<void> {
    for await (const { instance, metric, cursor } of windowsOf(this.#captures, probe, running.cursor)) {
      running.totals.add(instance, metric);
      running.cursor = cursor;
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#running.keys();
    if (this.#running.size > KEPT && oldest !== undefined) this.#running.delete(oldest);
  }
}
