import type { Tail, TailRow } from '../../state/tail.svelte.js';
import { isOpenTo, isWanted, type TailFilter } from './visible-rows.js';

/** Rows that are looked through at once; the page stays quick in between. */
const AT_ONCE = 20_000;

/** The rows of a tail that a filter wants. Without a filter these are the tail's own. */
export class Filtered {
  /** Grows with every change. */
  version: number = $state(0);
  isSearching: boolean = $state(false);
  readonly #tail: Tail;
  #filter: TailFilter = { words: [], levels: undefined, probe: undefined };
  #found: TailRow[] = [];
  /** Rows of the tail that were looked through, counted from its beginning. */
  #seen = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tail: Tail) {
    this.#tail = tail;
  }

  get rows(): readonly TailRow[] {
    return isOpenTo(this.#filter) ? this.#tail.rows : this.#found;
  }

  use(filter: TailFilter): void {
    this.#filter = filter;
    this.#found = [];
    this.#seen = 0;
    this.takeNew();
  }

  /** Looks through what has arrived since. */
  takeNew(): void {
    clearTimeout(this.#timer);
    const { rows, dropped } = this.#tail;
    if (!isOpenTo(this.#filter)) {
      const from = Math.max(0, this.#seen - dropped);
      const part = rows.slice(from, from + AT_ONCE);
      for (const row of part) if (isWanted(row, this.#filter)) this.#found.push(row);
      this.#seen = dropped + from + part.length;
      this.isSearching = from + part.length < rows.length;
      if (this.isSearching) this.#timer = setTimeout(() => this.takeNew());
    }
    this.version++;
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
