import type { CaptureView, ProbeView, StreamEvent } from '@dormouse/protocol';
import type { Api } from '../api/api.js';
import { follow } from '../api/follow.js';
import { explain, Refusal } from '../api/refusal.js';
import { gist } from '../words/gist.js';
import { isMetric } from '../words/kinds.js';
import { placeName } from '../words/place.js';
import { Evidence } from './evidence.svelte.js';
import { Tail } from './tail.svelte.js';

/** The stream tells of states; what processes have counted meanwhile is asked for, ms. */
const COUNTS_MS = 1_500;

/** What went wrong while the stream stands is tried again after this time, ms. */
const CATCH_UP_AGAIN_MS = 1_000;

/** Captures that the tail begins with: what happened just before one looked. */
const EARLIER = 200;

/** Events are taken over together, so that a thousand a second are ten changes of the page, ms. */
const TURN_MS = 100;

export type Connection = 'connecting' | 'live' | 'lost';

/** Everything that happens in one service, as it happens: probes, and what they find. */
export class Feed {
  readonly service: string;
  readonly tail: Tail = new Tail();
  connection: Connection = $state('connecting');
  trouble: string | undefined = $state();
  /** Whether the probes have been heard of. */
  known: boolean = $state(false);
  /** Newest first. */
  probes: readonly ProbeView[] = $state.raw([]);
  /** Grows with every turn in which something arrived, for what is drawn by hand. */
  turn: number = $state(0);

  readonly #api: Api;
  readonly #evidence = new Map<string, Evidence>();
  readonly #closing = new AbortController();
  #waiting: StreamEvent[] = [];
  /** The cursor of the last capture in the tail. */
  #tailEnd = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api, service: string) {
    this.#api = api;
    this.service = service;
  }

  /** Follows the service until {@link close}. */
  async open(): Promise<void> {
    void this.#keepCounting();
    const refusal = await follow(
      this.#api,
      this.service,
      {
        connected: () => void this.#catchUp(),
        lost: () => (this.connection = 'lost'),
        happened: (event) => this.#queue(event),
        seen: () => (this.known ? String(this.#tailEnd) : undefined),
      },
      this.#closing.signal,
    );
    if (refusal !== undefined) this.trouble = refusal.message;
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
  }

  find(probe: string | undefined): ProbeView | undefined {
    return this.probes.find(({ id }) => id === probe);
  }

  evidenceOf(probe: string): Evidence {
    const known = this.#evidence.get(probe) ?? new Evidence(this.#api, probe);
    this.#evidence.set(probe, known);
    return known;
  }

  /** Shows a probe as it is now, before the stream tells of it. */
  take(probe: ProbeView): void {
    this.#mergeProbes([probe]);
  }

  async #catchUp(): Promise<void> {
    try {
      this.#mergeProbes(await this.#api.probes({ service: this.service }));
      for (const evidence of this.#evidence.values()) evidence.forgetLoaded();
      await this.#beginTail();
      this.known = true;
      this.connection = 'live';
      this.trouble = undefined;
    } catch (error) {
      this.trouble = explain(error);
      const isFinal = this.#closing.signal.aborted || (error instanceof Refusal && !error.isPassing);
      if (!isFinal) setTimeout(() => void this.#catchUp(), CATCH_UP_AGAIN_MS);
    }
  }

  /** Only while nothing has arrived by itself: what the tail has is in order, and without gaps. */
  async #beginTail(): Promise<void> {
    if (this.tail.rows.length > 0) return;
    const { captures } = await this.#api.captures({ service: this.service, order: 'newest', limit: EARLIER });
    if (this.tail.rows.length === 0) this.#addToTail(captures.toReversed());
  }

  /** @param captures oldest first; those that are there already are passed over */
  #addToTail(captures: readonly CaptureView[]): void {
    const fresh = captures.filter(({ cursor }) => Number(cursor) > this.#tailEnd);
    this.#tailEnd = Number(fresh.at(-1)?.cursor ?? this.#tailEnd);
    this.tail.add(
      fresh.filter(({ kind }) => !isMetric(kind)).map((each) => rowOf(each, this.find(each.probe))),
    );
  }

  async #keepCounting(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, COUNTS_MS));
      const isOfUse = this.connection === 'live' && this.probes.some(({ state }) => state === 'active');
      if (!isOfUse || document.hidden) continue;
      await this.#api.probes({ service: this.service, state: 'active' }).then(
        (probes) => this.#mergeProbes(probes),
        () => {},
      );
    }
  }

  #queue(event: StreamEvent): void {
    this.#waiting.push(event);
    this.#timer ??= setTimeout(() => this.#takeTurn(), TURN_MS);
  }

  #takeTurn(): void {
    this.#timer = undefined;
    const events = this.#waiting;
    this.#waiting = [];
    this.#mergeProbes(events.flatMap((each) => (each.event === 'probe' ? [each.data] : [])));
    this.#addCaptures(events.flatMap((each) => (each.event === 'capture' ? [each.data] : [])));
    this.turn++;
  }

  #mergeProbes(changed: readonly ProbeView[]): void {
    if (changed.length === 0) return;
    const byId = new Map(this.probes.map((probe) => [probe.id, probe]));
    for (const probe of changed) {
      // An answer may be older than the event that told of the end.
      if (byId.get(probe.id)?.state !== 'ended' || probe.state === 'ended') byId.set(probe.id, probe);
    }
    this.probes = [...byId.values()].sort((a, b) => b.createdAt - a.createdAt);
  }

  #addCaptures(captures: readonly CaptureView[]): void {
    for (const [probe, arrived] of Map.groupBy(captures, (capture) => capture.probe)) {
      this.evidenceOf(probe).add(arrived);
    }
    this.#addToTail(captures);
  }
}

const rowOf = (capture: CaptureView, probe: ProbeView | undefined): Feed['tail']['rows'][number] => ({
  id: capture.id,
  at: capture.at,
  probe: capture.probe,
  kind: capture.kind,
  level: capture.level,
  text: gist(capture, probe),
  where: placeName(capture.location),
  instance: capture.instance,
});
