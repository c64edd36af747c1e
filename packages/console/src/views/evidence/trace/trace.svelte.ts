import type { CaptureView } from '@dormouse/protocol';
import type { Api, CaptureQuery } from '../../../api/api.js';
import { explain } from '../../../api/refusal.js';

/** Captures that are shown. */
const MOST = 2_000;

/** Answers that are asked for by themselves; each may have looked through fifty thousand captures. */
const ANSWERS = 4;

/** Everything that was captured in one trace, in all services; or in one process in a short time. */
export class Trace {
  captures: readonly CaptureView[] = $state.raw([]);
  isBusy: boolean = $state(false);
  /** Whether all has been looked through. */
  isComplete: boolean = $state(false);
  /** How far back it was looked, ms since 1970. */
  reached: number | undefined = $state();
  trouble: string | undefined = $state();
  readonly #api: Api;
  readonly #query: CaptureQuery;
  #after: string | undefined;

  constructor(api: Api, query: CaptureQuery) {
    this.#api = api;
    this.#query = query;
  }

  /** Looks from the newest on. */
  async begin(): Promise<void> {
    this.#after = undefined;
    await this.goOn();
  }

  /** Looks further back. */
  async goOn(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.trouble = undefined;
    try {
      for (let answers = 0; answers < ANSWERS; answers++) if (await this.#ask()) break;
    } catch (error) {
      this.trouble = explain(error);
    } finally {
      this.isBusy = false;
    }
  }

  /** @returns whether that was the end */
  async #ask(): Promise<boolean> {
    const { captures, next, scope } = await this.#api.captures({
      ...this.#query,
      order: 'newest',
      limit: 1_000,
      ...(this.#after !== undefined && { after: this.#after }),
    });
    const known = new Map([...this.captures, ...captures].map((capture) => [capture.id, capture]));
    this.captures = [...known.values()];
    this.#after = next;
    this.isComplete = scope.complete;
    this.reached = scope.reached;
    return next === undefined || this.captures.length >= MOST;
  }
}
