import { METRIC_LIMITS } from '@dormouse/protocol';
import { firstKey, mapDelete, mapGet, mapSet, openMap } from '../../intrinsics.js';

/** What became of a tic: it waits for its toc, it does so in the place of another, or it found no room. */
export type Opened = 'waits' | 'replaces' | 'noRoom';

/**
 * Tics that wait for their toc, by what both have to belong to: a call, or a request. The end of a call tells that no toc
 * will come; of a request nothing does, so when there is no more room the oldest tic goes, if it has waited for long.
 */
export class OpenTics {
  /** When they were, monotonic ms; the oldest first. */
  readonly #since = openMap<unknown, number>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param now monotonic ms */
  open(owner: unknown, now: number): Opened {
    const replaces = this.close(owner) !== undefined || this.#makeRoom(now);
    if (this.#count >= METRIC_LIMITS.openTics) return 'noRoom';
    mapSet(this.#since, owner, now);
    this.#count++;
    return replaces ? 'replaces' : 'waits';
  }

  /** When the owner's tic was, monotonic ms; undefined where none waits. */
  close(owner: unknown): number | undefined {
    const since = mapGet(this.#since, owner);
    if (since !== undefined && mapDelete(this.#since, owner)) this.#count--;
    return since;
  }

  /** Whether a tic had to go for it. */
  #makeRoom(now: number): boolean {
    if (this.#count < METRIC_LIMITS.openTics) return false;
    const oldest = firstKey(this.#since);
    const since = mapGet(this.#since, oldest) as number;
    return now - since >= METRIC_LIMITS.ticPatienceMs && this.close(oldest) !== undefined;
  }

  /** No toc will come any more. @returns how many were waiting */
  clear(): number {
    const count = this.#count;
    while (this.#count > 0) this.close(firstKey(this.#since));
    return count;
  }
}
