import type { MetricSeries, SeriesName } from '@dormouse/protocol';
import { mapGet, mapSet, openMap } from '../../intrinsics.js';
import { Figures, type Measure } from './figures.js';
import { keyText } from './key.js';

/** The figures of one window, of one outcome of calls where outcomes are told apart. */
export interface Share {
  /** Those to which a key's value belongs; undefined where it is no key. */
  of(key: unknown): Figures | undefined;
  /** As they travel. */
  read(name: SeriesName): MetricSeries[];
}

/** @param keys series at most; undefined: keys are not told apart */
export const openShare = (measure: Measure, keys: number | undefined): Share =>
  keys === undefined ? new Whole(measure) : new Breakdown(measure, keys);

class Whole implements Share {
  readonly #figures: Figures;

  constructor(measure: Measure) {
    this.#figures = new Figures(measure);
  }

  of(): Figures {
    return this.#figures;
  }

  read(name: SeriesName): MetricSeries[] {
    return [this.#figures.read(name)];
  }
}

/**
 * Exact for the first keys of the window, as many as there is room for; all other keys are together. What is frequent
 * comes early in most windows, so that over time the largest keys are told apart.
 */
class Breakdown implements Share {
  readonly #measure: Measure;
  readonly #room: number;
  readonly #byKey = openMap<string, Figures>();
  /** By the value itself, which spares most hits the text. Values that redaction changes are not kept. */
  readonly #byValue = openMap<unknown, Figures>();
  #size = 0;
  #others: Figures | undefined;

  constructor(measure: Measure, room: number) {
    this.#measure = measure;
    this.#room = room;
  }

  of(value: unknown): Figures | undefined {
    return mapGet(this.#byValue, value) ?? this.#find(value);
  }

  read(name: SeriesName): MetricSeries[] {
    return [
      ...Array.from(this.#byKey, ([key, figures]) => figures.read({ ...name, key })),
      ...(this.#others === undefined ? [] : [this.#others.read({ ...name, other: true })]),
    ];
  }

  #find(value: unknown): Figures | undefined {
    const key = keyText(value);
    if (key === undefined) return undefined;
    const figures = mapGet(this.#byKey, key) ?? this.#add(key);
    if (figures === undefined) return (this.#others ??= new Figures(this.#measure));
    if (key === `${value as string}`) mapSet(this.#byValue, value, figures);
    return figures;
  }

  #add(key: string): Figures | undefined {
    if (this.#size >= this.#room) return undefined;
    const figures = new Figures(this.#measure);
    mapSet(this.#byKey, key, figures);
    this.#size++;
    return figures;
  }
}
