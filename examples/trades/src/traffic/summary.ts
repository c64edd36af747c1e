import type { RequestKind } from './requests.js';
import type { Answer } from './send.js';

/** Dollars above which a trade should have a fraud score. */
const LARGE = 10_000;

interface PlacedOrder {
  readonly amount: number;
  readonly fraudScore: number | null;
}

/** Counts answers as they come. */
export class Summary {
  readonly #kinds = new Map<RequestKind, number>();
  readonly #statuses = new Map<number, number>();
  readonly #milliseconds: number[] = [];
  #large = 0;
  #unscored = 0;

  add({ request, status, body, milliseconds }: Answer): void {
    increment(this.#kinds, request.kind);
    increment(this.#statuses, status);
    this.#milliseconds.push(milliseconds);
    if (status === 201) this.#addOrder(body as PlacedOrder);
  }

  toString(): string {
    const sorted = this.#milliseconds.toSorted((a, b) => a - b);
    const quantile = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
    return [
      `${sorted.length} requests: ${list(this.#kinds)}`,
      `answers by status: ${list(this.#statuses)}`,
      `milliseconds: median ${quantile(0.5)}, 90 % ${quantile(0.9)}, 99 % ${quantile(0.99)}`,
      `large trades: ${this.#large}, of which without a fraud score: ${this.#unscored}`,
    ].join('\n');
  }

  #addOrder({ amount, fraudScore }: PlacedOrder): void {
    if (amount <= LARGE) return;
    this.#large += 1;
    if (fraudScore === null) this.#unscored += 1;
  }
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function list<K>(counts: ReadonlyMap<K, number>): string {
  const byCount = [...counts].sort(([, a], [, b]) => b - a);
  return byCount.map(([key, count]) => `${key} ${count}`).join(', ');
}
