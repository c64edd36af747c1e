import { METRIC_LIMITS, type MetricWindow } from '@dormouse/protocol';
import { monotonicMs } from '../../intrinsics.js';
import type { Measure } from './figures.js';
import { Window } from './window.js';

/** @returns whether the window is on its way */
export type ShipWindow = (window: MetricWindow) => boolean;

/**
 * The windows of one metric, one after the other. What could not be shipped is kept and tried again with the next,
 * and the window in progress goes on meanwhile: nothing is lost, and no more than two windows are held.
 */
export class Recording {
  readonly #measure: Measure;
  readonly #keys: number | undefined;
  readonly #ship: ShipWindow;
  #window: Window;
  #endsAt = monotonicMs() + METRIC_LIMITS.windowMs;
  #unshipped: MetricWindow[] = [];

  /** @param keys that are told apart, at most; undefined: none are */
  constructor(measure: Measure, keys: number | undefined, ship: ShipWindow) {
    this.#measure = measure;
    this.#keys = keys;
    this.#ship = ship;
    this.#window = new Window(measure, keys);
  }

  /** The one in progress. */
  get window(): Window {
    return this.#window;
  }

  /** For the tick: ships the window when its time is over. */
  settle(): void {
    if (monotonicMs() >= this.#endsAt) this.flush();
  }

  /** Ships all there is. */
  flush(): void {
    this.#endsAt = monotonicMs() + METRIC_LIMITS.windowMs;
    this.#shipWhatIsLeft();
    if (this.#unshipped.length > 0) return;
    this.#unshipped = this.#window.read();
    this.#window = new Window(this.#measure, this.#keys);
    this.#shipWhatIsLeft();
  }

  #shipWhatIsLeft(): void {
    const refused = this.#unshipped.findIndex((window) => !this.#ship(window));
    this.#unshipped = refused < 0 ? [] : this.#unshipped.slice(refused);
  }
}
