import type {
  CallOutcome,
  MetricFailure,
  MetricSeriesView,
  MetricsView,
  MetricWindow,
  SeriesName,
} from '@dormouse/protocol';
import { Total } from './total.js';

/** Windows of a metric, added: of all processes, in any order. */
export class Totals {
  readonly #series = new Map<string, Total>();
  readonly #instances = new Set<string>();
  readonly #failed: Partial<Record<MetricFailure, number>> = {};
  #windows = 0;
  #from = Infinity;
  #to = -Infinity;

  add(instance: string, { from, to, series, failed = {} }: MetricWindow): void {
    this.#windows++;
    this.#instances.add(instance);
    this.#from = Math.min(this.#from, from);
    this.#to = Math.max(this.#to, to);
    for (const one of series) this.#of(one).add(one, to);
    for (const [failure, count] of Object.entries(failed) as [MetricFailure, number][]) {
      this.#failed[failure] = (this.#failed[failure] ?? 0) + count;
    }
  }

  /** @param keys series of each outcome that are told apart, at most */
  view(keys: number): Omit<MetricsView, 'probe' | 'kind'> {
    return {
      ...(this.#windows > 0 && { from: this.#from, to: this.#to }),
      windows: this.#windows,
      instances: [...this.#instances],
      series: OUTCOMES.flatMap((outcome) => this.#viewOutcome(outcome, keys)),
      failed: this.#failed,
    };
  }

  #of({ key, other, outcome }: SeriesName): Total {
    const name = {
      ...(key !== undefined && { key }),
      ...(other && { other }),
      ...(outcome !== undefined && { outcome }),
    };
    const id = JSON.stringify([key, other, outcome]);
    const known = this.#series.get(id) ?? new Total(name);
    this.#series.set(id, known);
    return known;
  }

  #viewOutcome(outcome: CallOutcome | undefined, keys: number): MetricSeriesView[] {
    const all = [...this.#series.values()].filter(({ name }) => name.outcome === outcome);
    const largestFirst = all.filter(({ name }) => !name.other).sort((a, b) => b.count - a.count);
    const rest = [...largestFirst.slice(keys), ...all.filter(({ name }) => name.other)];
    return [
      ...largestFirst.slice(0, keys).map((total) => total.view()),
      ...(rest.length > 0 ? [together(rest, outcome).view()] : []),
    ];
  }
}

const OUTCOMES: readonly (CallOutcome | undefined)[] = [undefined, 'returned', 'threw', 'ended'];

function together(totals: readonly Total[], outcome: CallOutcome | undefined): Total {
  const all = new Total({ other: true, ...(outcome !== undefined && { outcome }) });
  for (const total of totals) all.merge(total);
  return all;
}
