import type { MetricNumbers, MetricSeries, MetricSeriesView, SeriesName } from '@dormouse/protocol';
import { Numbers } from './numbers.js';

/** The parts of an async call's time. */
const PARTS = ['running', 'awaiting'] as const;
type Part = (typeof PARTS)[number];

/** One series over many windows. */
export class Total {
  readonly #name: SeriesName;
  readonly #whole = new Numbers();
  readonly #parts: Partial<Record<Part, Numbers>> = {};

  constructor(name: SeriesName) {
    this.#name = name;
  }

  get name(): SeriesName {
    return this.#name;
  }

  get count(): number {
    return this.#whole.count;
  }

  /** @param at when the window ended, ms since 1970 */
  add(series: MetricSeries, at: number): void {
    this.#whole.add(series, at);
    this.#eachPart(series, (known, part: MetricNumbers) => known.add(part, at));
  }

  merge(other: Total): void {
    this.#whole.merge(other.#whole);
    this.#eachPart(other.#parts, (known, part: Numbers) => known.merge(part));
  }

  /** As the API shows it. */
  view(): MetricSeriesView {
    const { running, awaiting } = this.#parts;
    return {
      ...this.#name,
      ...this.#whole.view(),
      ...(running && { running: running.view() }),
      ...(awaiting && { awaiting: awaiting.view() }),
    };
  }

  #eachPart<Given>(
    parts: Partial<Record<Part, Given>>,
    include: (known: Numbers, part: Given) => void,
  ): void {
    for (const name of PARTS) {
      const part = parts[name];
      if (part !== undefined) include((this.#parts[name] ??= new Numbers()), part);
    }
  }
}
