import { METRIC_LIMITS, type MetricWindow } from '@dormouse/protocol';
import { redaction } from '@dormouse/expression/redaction';
import { monotonicMs } from '../../intrinsics.js';
import type { Measure } from './figures.js';
import { redactAgain } from './redact-again.js';
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
  readonly #showsKeys: () => boolean;
  #window: Window;
  /** Rules of redaction as the window began. */
  #rules = redaction();
  #endsAt = monotonicMs() + METRIC_LIMITS.windowMs;
  #unshipped: readonly MetricWindow[] = [];

  /**
   * @param keys that are told apart, at most; undefined: none are
   * @param showsKeys whether the rules of redaction still let the key be read
   */
  constructor(measure: Measure, keys: number | undefined, ship: ShipWindow, showsKeys: () => boolean) {
    this.#measure = measure;
    this.#keys = keys;
    this.#ship = ship;
    this.#showsKeys = showsKeys;
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
    this.#shipAll(this.#unshipped);
    if (this.#unshipped.length > 0) return;
    const window = this.#window;
    this.#window = new Window(this.#measure, this.#keys);
    this.#shipAll(window.read());
    this.#rules = redaction();
  }

  /** Keeps what is refused. Nothing leaves with a key that the rules do not allow now. */
  #shipAll(windows: readonly MetricWindow[]): void {
    const isChanged = redaction() !== this.#rules;
    const shown = isChanged ? windows.map((window) => redactAgain(window, this.#showsKeys())) : windows;
    const refused = shown.findIndex((window) => !this.#ship(window));
    this.#unshipped = refused < 0 ? [] : shown.slice(refused);
  }
}
