import type { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, StoredWebhook } from '../../storage/contract/webhooks.js';
import { Alarm } from '../alarm.js';
import type { Source } from '../source.js';
import type { Targets } from '../targets.js';
import { WEBHOOKS_OUTLET } from './intake.js';
import { post, type Attempt } from './post.js';
import { nextAttempt, PATIENCE_MS } from './retries.js';
import { signedHeaders } from './signature.js';

/** Messages that are under way to one webhook at once, at most. */
const AT_ONCE = 16;
/** Another collector may have stopped, and queued something: they are looked at so often, ms. */
const LOOK_EVERY_MS = 3_000;
/** Whoever makes the first one wakes this. */
const LOOK_WITHOUT_WEBHOOKS_MS = 5_000;
/** After a failure a receiver is sent nothing for so long, ms. */
const REST_MS = 4_000;
/** Messages that are over are shown for so long, ms. */
const SHOWN_FOR_MS = 7 * 86_400_000;
const FORGET_EVERY_MS = 600_000;

/** Sends the messages that wait, and tries those again that failed. */
export class Sender {
  readonly #source: Source;
  readonly #agents: Readonly<Record<'http:' | 'https:', Agent>>;
  readonly #alarm = new Alarm();
  /** A receiver that has failed is left alone until then, ms since 1970, whatever waits for it. */
  readonly #restsUntil = new Map<string, number>();
  /** By webhook, what is under way: whoever takes long to answer holds up nobody else. */
  readonly #underWay = new Map<string, Promise<void>>();
  #running: Promise<void> = Promise.resolve();
  #forgotAt = 0;

  constructor(source: Source, targets: Targets) {
    this.#source = source;
    this.#agents = { 'http:': targets.agent('http:'), 'https:': targets.agent('https:') };
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#alarm.end();
    for (const agent of Object.values(this.#agents)) agent.destroy();
    await this.#running;
    await Promise.all(this.#underWay.values());
  }

  /** There is something to send. */
  wake(): void {
    this.#alarm.ring();
  }

  /** Sends one message at once. */
  async attempt({ url, secret }: StoredWebhook, { event, body }: Delivery): Promise<Attempt> {
    const agent = this.#agents[new URL(url).protocol as 'http:' | 'https:'];
    return post(url, agent, signedHeaders(secret, event, Date.now(), body), body);
  }

  async #run(): Promise<void> {
    while (!this.#alarm.isOver) {
      const signal = this.#alarm.next;
      const wait = await this.#sendDue().catch((error: unknown) => {
        this.#source.log.error({ err: error }, 'webhooks could not be sent');
        return LOOK_EVERY_MS;
      });
      if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => {});
    }
  }

  /** @returns ms until more may be due */
  async #sendDue(): Promise<number> {
    const { storage } = this.#source;
    const webhooks = new Map((await storage.webhooks.list()).map((webhook) => [webhook.id, webhook]));
    if (webhooks.size === 0) return LOOK_WITHOUT_WEBHOOKS_MS;
    if (!(await storage.presence.lead(WEBHOOKS_OUTLET))) return LOOK_EVERY_MS;
    const now = Date.now();
    const resting = [...webhooks.values()]
      .filter(({ id, disabled }) => disabled !== undefined || (this.#restsUntil.get(id) ?? 0) > now)
      .map(({ id }) => id);
    const due = await storage.webhooks.due(now, AT_ONCE, [...resting, ...this.#underWay.keys()]);
    if (this.#alarm.isOver) return 0;
    for (const id of new Set(due.map(({ webhook }) => webhook))) {
      const its = due.filter(({ webhook }) => webhook === id);
      this.#underWay.set(id, this.#sendTo(id, webhooks.get(id), its));
    }
    await this.#forgetOld(now);
    return due.length === 0 ? LOOK_EVERY_MS : 0;
  }

  async #sendTo(
    id: string,
    webhook: StoredWebhook | undefined,
    deliveries: readonly Delivery[],
  ): Promise<void> {
    try {
      await Promise.all(deliveries.map((delivery) => this.#send(webhook, delivery)));
    } catch (error) {
      this.#restsUntil.set(id, Date.now() + REST_MS);
      this.#source.log.error({ err: error, webhook: id }, 'messages could not be sent');
    } finally {
      this.#underWay.delete(id);
      this.wake();
    }
  }

  async #forgetOld(now: number): Promise<void> {
    if (now - this.#forgotAt < FORGET_EVERY_MS) return;
    this.#forgotAt = now;
    await this.#source.storage.webhooks.deleteSettled(now - SHOWN_FOR_MS);
  }

  /** @param webhook nothing where it was deleted while a message was being made for it */
  async #send(webhook: StoredWebhook | undefined, delivery: Delivery): Promise<void> {
    if (webhook === undefined) return this.#source.storage.webhooks.delete(delivery.webhook);
    const attempt = await this.attempt(webhook, delivery);
    const { outcome, retryAfterMs } = attempt;
    const attempts = delivery.attempts + 1;
    const { webhook: id, event } = delivery;
    const { storage, meters } = this.#source;
    const store = storage.webhooks;
    if (attempt.succeeded) {
      meters.webhooks.inc({ outcome: 'delivered' });
      this.#restsUntil.delete(id);
      await store.settle({ webhook: id, event, attempts, state: 'delivered', dueAt: 0, outcome });
      return this.noteSuccess(webhook);
    }
    const dueAt = nextAttempt(attempts, retryAfterMs);
    meters.webhooks.inc({ outcome: dueAt === undefined ? 'given up' : 'failed' });
    this.#restsUntil.set(id, Math.max(this.#restsUntil.get(id) ?? 0, Date.now() + REST_MS));
    await store.settle(
      dueAt === undefined
        ? { webhook: id, event, attempts, state: 'failed', dueAt: 0, outcome }
        : { webhook: id, event, attempts, state: 'waiting', dueAt, outcome },
    );
    await this.#noteFailure(webhook, attempt);
  }

  /** It works: whatever was noted against it is forgotten. */
  async noteSuccess({ id, failingSince, disabled }: StoredWebhook): Promise<void> {
    if (failingSince === undefined && disabled === undefined) return;
    await this.#source.storage.webhooks.update(id, { failingSince: undefined, disabled: undefined });
  }

  async #noteFailure({ id, failingSince }: StoredWebhook, { gone, outcome }: Attempt): Promise<void> {
    const now = Date.now();
    const since = failingSince ?? now;
    const isOver = gone || now - since >= PATIENCE_MS;
    const reason = gone
      ? 'The receiver answered 410: it wants no more.'
      : `Nothing has come through since ${new Date(since).toISOString()}. Last: ${outcome}`;
    await this.#source.storage.webhooks.update(id, {
      failingSince: since,
      ...(isOver && { disabled: { at: now, reason } }),
    });
    if (isOver) this.#source.log.warn({ webhook: id, reason }, 'webhook disabled');
  }
}
