import type { Pause, PauseCause } from '@dormouse/protocol';
import { min, wallClockMs } from '../intrinsics.js';

/** A pause's length, ms: doubled by each that follows within {@link CALM_MS} of the last. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const CALM_MS = 60_000;

/** Pauses for a while when it is tripped, longer each time. Times are monotonic ms. */
export class Breaker {
  /** A field: every hit reads it. */
  isPaused = false;

  #pause: Pause | undefined;
  #endsAt = Number.NEGATIVE_INFINITY;
  #pauseMs = FIRST_PAUSE_MS;

  /** The pause that lasts now, for status. */
  get pause(): Pause | undefined {
    return this.#pause;
  }

  protected trip(cause: PauseCause, now: number): void {
    if (this.isPaused) return;
    const isCalm = now - this.#endsAt > CALM_MS;
    this.#pauseMs = isCalm ? FIRST_PAUSE_MS : min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#endsAt = now + this.#pauseMs;
    const since = wallClockMs();
    this.#pause = { cause, since, until: since + this.#pauseMs };
    this.isPaused = true;
  }

  /** Ends a pause whose time is over. @returns whether it did */
  protected recover(now: number): boolean {
    if (!this.isPaused || now < this.#endsAt) return false;
    this.isPaused = false;
    this.#pause = undefined;
    return true;
  }
}
