import { setTimeout as sleep } from 'node:timers/promises';
import type { Outlet } from '../storage/contract/outlets.js';
import { Alarm } from './alarm.js';
import type { Source } from './source.js';

/** Before anything goes out, more of it may arrive: what comes one by one goes out together, ms. */
const GATHER_MS = 200;
/** The collector that does it may have stopped: it is looked so often, ms. */
const LOOK_EVERY_MS = 3_000;
/** What is not wanted may have been set up at another collector, ms. Nothing is lost until then: an outlet is opened with it. */
const LOOK_WHILE_CLOSED_MS = 5_000;
/** A batch that is under way when it is stopped gets so long, ms. */
const FINISH_WITHIN_MS = 1_000;
/** Waits between attempts that failed: the first, and at most, ms. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Each wait is up to so much shorter or longer, so that collectors do not try together. */
const JITTER = 0.2;
/** So many cursors may wait. Beyond them the oldest are skipped, before retention deletes them unseen. */
const MOST_WAITING = 50_000;

const NOTHING = { sent: 0, refused: 0 };

/** Events, and the cursor up to which they are all. */
export interface Batch<Item> {
  readonly items: readonly Item[];
  readonly cursor: number;
}

/** Something that sends on what arrives. */
export interface Destination<Item> {
  /** Unique in its environment. */
  readonly name: string;
  /** Whether it is wanted now. Until then nothing is kept for it. */
  isOpen(): Promise<boolean>;
  /** The next events after a cursor; none where there are no more. */
  read(cursor: number): Promise<Batch<Item>>;
  /** Rejects where it should be tried again with the same items. */
  deliver(items: readonly Item[]): Promise<Pick<Outlet, 'sent' | 'refused'>>;
}

/** From now on everything that arrives is kept for it. */
export async function openOutlet({ storage }: Pick<Source, 'storage'>, name: string): Promise<Outlet> {
  const known = await storage.outlets.find(name);
  if (known !== undefined) return known;
  const outlet = { cursor: await storage.events.last(), sent: 0, refused: 0, skipped: 0 };
  await storage.outlets.save(name, outlet);
  return outlet;
}

/**
 * Brings everything that arrives to a destination, in order, at least once, and at one collector of all at a time. How far
 * it has come is stored, so a restart, or another collector, goes on from there. What fails is tried again until it
 * works; what has to wait for too long is skipped, and counted.
 */
export class Outflow<Item> {
  readonly #source: Source;
  readonly #destination: Destination<Item>;
  readonly #alarm = new Alarm();
  #running: Promise<void> = Promise.resolve();
  #failures = 0;
  #undelivered: { readonly from: number; readonly batch: Batch<Item> } | undefined;

  constructor(source: Source, destination: Destination<Item>) {
    this.#source = source;
    this.#destination = destination;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** What it was told has changed: it looks again at once. */
  wake(): void {
    this.#alarm.ring();
  }

  /** What is under way and not soon over is sent again by whoever goes on. */
  async stop(): Promise<void> {
    this.#alarm.end();
    await Promise.race([this.#running, sleep(FINISH_WITHIN_MS, undefined, { ref: false })]);
  }

  async #run(): Promise<void> {
    while (!this.#alarm.isOver) {
      const rings = this.#source.news.rings;
      const { next } = this.#alarm;
      const wait = await this.#flow().catch((error: unknown) => this.#fail(error as Error));
      await this.#rest(wait, rings, next);
    }
  }

  /** @returns ms until there may be more; `undefined`: until there is news */
  async #flow(): Promise<number | undefined> {
    const { storage, meters } = this.#source;
    const { name } = this.#destination;
    if (!(await this.#destination.isOpen())) return LOOK_WHILE_CLOSED_MS;
    if (!(await storage.presence.lead(name))) return LOOK_EVERY_MS;
    const outlet = await openOutlet(this.#source, name);
    const from = Math.max(outlet.cursor, (await storage.events.last()) - MOST_WAITING);
    const { items, cursor } = await this.#next(from);
    const { sent, refused } = items.length > 0 ? await this.#destination.deliver(items) : NOTHING;
    this.#failures = 0;
    this.#undelivered = undefined;
    if (cursor === outlet.cursor) return undefined;
    const skipped = from - outlet.cursor;
    for (const [outcome, count] of Object.entries({ sent, refused, skipped })) {
      meters.sent.inc({ outlet: name, outcome }, count);
    }
    await storage.outlets.save(name, {
      cursor,
      sent: outlet.sent + sent,
      refused: outlet.refused + refused,
      skipped: outlet.skipped + skipped,
    });
    return 0;
  }

  /** What has failed is tried again as it is: part of it may have come through. */
  async #next(from: number): Promise<Batch<Item>> {
    if (this.#undelivered?.from === from) return this.#undelivered.batch;
    const batch = await this.#destination.read(from);
    this.#undelivered = { from, batch };
    return batch;
  }

  /** @returns ms until the next attempt */
  async #fail(error: Error): Promise<number> {
    if (this.#alarm.isOver) return 0;
    const { storage, meters, log } = this.#source;
    const { name } = this.#destination;
    meters.failures.inc({ outlet: name });
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    log.warn({ outlet: name, reason: error.message, failures: this.#failures }, 'nothing goes out');
    const at = Date.now();
    await storage.outlets
      .find(name)
      .then(async (outlet) => {
        if (outlet === undefined) return;
        const failure = { since: outlet.failure?.since ?? at, at, message: error.message };
        await storage.outlets.save(name, { ...outlet, failure });
      })
      .catch((err: unknown) => log.error({ err }, 'an outlet could not be kept'));
    return wait * (1 + JITTER * (2 * Math.random() - 1));
  }

  async #rest(wait: number | undefined, rings: number, awake: AbortSignal): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([awake, over.signal]);
    try {
      if (wait !== undefined) return await sleep(wait, undefined, { signal });
      await Promise.race([
        this.#source.news.after(rings, signal),
        sleep(LOOK_EVERY_MS, undefined, { signal }),
      ]);
      await sleep(GATHER_MS, undefined, { signal });
    } catch {
      // Woken or stopped, which the loop sees.
    } finally {
      over.abort();
    }
  }
}
