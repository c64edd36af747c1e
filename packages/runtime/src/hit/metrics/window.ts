import {
  METRIC_LIMITS,
  type CallOutcome,
  type MetricFailure,
  type MetricSeries,
  type MetricWindow,
} from '@dormouse/protocol';
import { isFinite, wallClockMs } from '../../intrinsics.js';
import type { Measure } from './figures.js';
import { openShare, type Share } from './share.js';

/** What was added up since a moment. */
export class Window {
  readonly #measure: Measure;
  readonly #keys: number | undefined;
  readonly #from = wallClockMs();
  #line: Share | undefined;
  #returned: Share | undefined;
  #threw: Share | undefined;
  #ended: Share | undefined;
  readonly #failed: Record<MetricFailure, number> = {
    notANumber: 0,
    notFinite: 0,
    notAKey: 0,
    error: 0,
    unfinished: 0,
  };

  /** @param keys that are told apart, at most; undefined: none are */
  constructor(measure: Measure, keys: number | undefined) {
    this.#measure = measure;
    this.#keys = keys;
  }

  /** Whether so much could not be read that nothing more should be tried. */
  get isSpent(): boolean {
    return this.#failed.error >= METRIC_LIMITS.errorsPerWindow;
  }

  count(key: unknown, hits: number): void {
    const figures = this.#share(undefined).of(key);
    if (figures === undefined) this.#failed.notAKey++;
    else figures.count(hits);
  }

  /** @param waited of a time: how much of it is known to have been waiting */
  add(outcome: CallOutcome | undefined, key: unknown, value: unknown, waited?: unknown): void {
    if (typeof value !== 'number') return this.fail('notANumber');
    if (!isFinite(value)) return this.fail('notFinite');
    const figures = this.#share(outcome).of(key);
    if (figures === undefined) this.#failed.notAKey++;
    else if (waited === undefined) figures.add(value);
    else figures.addTime(value, waited as number);
  }

  fail(failure: MetricFailure, hits = 1): void {
    this.#failed[failure] += hits;
  }

  /** As it travels, in parts that are small enough for one capture each; none where nothing came. */
  read(): MetricWindow[] {
    const span = { from: this.#from, to: wallClockMs() };
    const [first = [], ...others] = inParts([
      ...(this.#line?.read({}) ?? []),
      ...(this.#returned?.read({ outcome: 'returned' }) ?? []),
      ...(this.#threw?.read({ outcome: 'threw' }) ?? []),
      ...(this.#ended?.read({ outcome: 'ended' }) ?? []),
    ]);
    const failures = Object.entries(this.#failed).filter(([, count]) => count > 0);
    const failed = failures.length > 0 && { failed: Object.fromEntries(failures) };
    if (first.length === 0 && !failed) return [];
    return [{ ...span, series: first, ...failed }, ...others.map((series) => ({ ...span, series }))];
  }

  #share(outcome: CallOutcome | undefined): Share {
    switch (outcome) {
      case undefined:
        return (this.#line ??= openShare(this.#measure, this.#keys));
      case 'returned':
        return (this.#returned ??= openShare(this.#measure, this.#keys));
      case 'threw':
        return (this.#threw ??= openShare(this.#measure, this.#keys));
      case 'ended':
        return (this.#ended ??= openShare(this.#measure, this.#keys));
    }
  }
}

function inParts(series: readonly MetricSeries[]): MetricSeries[][] {
  const parts: MetricSeries[][] = [];
  let room = 0;
  for (const one of series) {
    const numbers = numbersIn(one);
    if (numbers > room) {
      parts.push([]);
      room = METRIC_LIMITS.sketchNumbers;
    }
    // Where there was no room a part was begun, and otherwise there is one.
    parts.at(-1)?.push(one);
    room -= numbers;
  }
  return parts;
}

const numbersIn = ({ sketch, running, awaiting }: MetricSeries): number =>
  1 +
  (sketch === undefined ? 0 : sketch.positive.length + sketch.negative.length) +
  (running === undefined ? 0 : numbersIn(running)) +
  (awaiting === undefined ? 0 : numbersIn(awaiting));
