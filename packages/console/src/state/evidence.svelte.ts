import type { CaptureView, ProbeView } from '@dormouse/protocol';
import type { Api } from '../api/api.js';
import { explain } from '../api/refusal.js';
import { isMetric } from '../words/kinds.js';
import { Pulse } from './pulse.js';

/** Captures of one probe that are held; of metrics a capture is a second of one process, and more of them make a curve. */
const HELD = 200;
const HELD_WINDOWS = 10_000;

/** Windows asked for at once. */
const PAGE = 1_000;

/** What is known of one probe: its latest captures, and how often it hits. */
export class Evidence {
  /** Newest first. */
  captures: readonly CaptureView[] = $state.raw([]);
  trouble: string | undefined = $state();
  readonly pulse: Pulse = new Pulse();
  readonly #api: Api;
  readonly #probe: string;
  #isAsked = false;
  /** From when on all windows of a metric are held, ms since 1970. */
  #since = Infinity;

  constructor(api: Api, probe: string) {
    this.#api = api;
    this.#probe = probe;
  }

  /** Gets what arrived before; once. */
  async load(): Promise<void> {
    if (this.#isAsked) return;
    this.#isAsked = true;
    try {
      const { captures } = await this.#api.captures({ probe: this.#probe, order: 'newest', limit: HELD });
      this.#merge(captures);
      this.trouble = undefined;
    } catch (error) {
      this.#isAsked = false;
      this.trouble = explain(error);
    }
  }

  /** Gets the windows of a metric from a moment on, ms since 1970: as many as are held. */
  async loadSince(from: number): Promise<void> {
    if (from >= this.#since) return;
    this.#since = from;
    try {
      for (let after: string | undefined, asked = 0; asked < HELD_WINDOWS; asked += PAGE) {
        const page = await this.#api.captures({
          probe: this.#probe,
          order: 'newest',
          limit: PAGE,
          from,
          ...(after !== undefined && { after }),
        });
        this.#merge(page.captures);
        after = page.next;
        if (after === undefined) return;
      }
    } catch (error) {
      this.#since = Infinity;
      this.trouble = explain(error);
    }
  }

  /** Asks again the next time: something may have been missed. */
  forgetLoaded(): void {
    this.#isAsked = false;
    this.#since = Infinity;
  }

  /** Hits of the probe: the captures are here a moment before its count. */
  hitsOf({ hits, kind }: ProbeView): number {
    return isMetric(kind) ? hits : Math.max(hits, this.captures.length);
  }

  /** @param arrived oldest first */
  add(arrived: readonly CaptureView[]): void {
    for (const capture of arrived) this.pulse.add(capture.at, countOf(capture));
    this.#merge(arrived);
  }

  #merge(more: readonly CaptureView[]): void {
    if (more.length === 0) return;
    const byId = new Map([...this.captures, ...more].map((capture) => [capture.id, capture]));
    const held = more[0]?.metric === undefined ? HELD : HELD_WINDOWS;
    this.captures = [...byId.values()].sort((a, b) => Number(b.cursor) - Number(a.cursor)).slice(0, held);
  }
}

/** Hits that a capture tells of: of a metric's window all that it adds up. */
function countOf({ metric }: CaptureView): number {
  return metric === undefined ? 1 : metric.series.reduce((sum, { count }) => sum + count, 0);
}
