import { randomBytes } from 'node:crypto';
import type { CreatedWebhook, WebhookDelivery, WebhookTest, WebhookView } from '@dormouse/protocol';
import { CollectorError } from '../../collector-error.js';
import type { Delivery, StoredWebhook } from '../../storage/contract/webhooks.js';
import { openOutlet, Outflow } from '../outflow.js';
import type { Source } from '../source.js';
import type { Targets } from '../targets.js';
import { Intake, WEBHOOKS_OUTLET } from './intake.js';
import { delivery } from './message.js';
import type { CheckedWebhookRequest } from './schemas.js';
import { Sender } from './sender.js';
import { mintSecret } from './signature.js';

/** Webhooks of one environment. */
const MOST = 50;

/** Tells others what happens: each event once, signed, and again until it has come through. */
export class Webhooks {
  readonly #source: Source;
  readonly #targets: Targets;
  readonly #sender: Sender;
  readonly #intake: Outflow<unknown>;

  constructor(source: Source, targets: Targets) {
    this.#source = source;
    this.#targets = targets;
    this.#sender = new Sender(source, targets);
    this.#intake = new Outflow(source, new Intake(source, () => this.#sender.wake()));
  }

  start(): void {
    this.#intake.start();
    this.#sender.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#intake.stop(), this.#sender.stop()]);
  }

  /** @throws {CollectorError} INVALID_REQUEST, LIMIT_EXCEEDED */
  async create(request: CheckedWebhookRequest): Promise<CreatedWebhook> {
    await this.#targets.require(request.url, 'url');
    const webhooks = await this.#store.list();
    if (webhooks.length >= MOST) {
      throw new CollectorError('LIMIT_EXCEEDED', `There are ${MOST} webhooks, the most there can be.`);
    }
    const webhook: StoredWebhook = {
      ...request,
      id: `wh_${randomBytes(9).toString('hex')}`,
      secret: mintSecret(),
      createdAt: Date.now(),
      since: await this.#source.storage.events.last(),
      dropped: 0,
    };
    await openOutlet(this.#source, WEBHOOKS_OUTLET);
    await this.#store.insert(webhook);
    this.#intake.wake();
    this.#sender.wake();
    return { ...view(webhook), secret: webhook.secret };
  }

  async list(): Promise<WebhookView[]> {
    return (await this.#store.list()).map(view);
  }

  /** @throws {CollectorError} NOT_FOUND */
  async delete(id: string): Promise<WebhookView> {
    const webhook = await this.#require(id);
    await this.#store.delete(id);
    return view(webhook);
  }

  /**
   * Sends a message now. If it comes through, a webhook that was disabled is told of things again.
   * @throws {CollectorError} NOT_FOUND
   */
  async test(id: string): Promise<WebhookTest> {
    const webhook = await this.#require(id);
    const event = {
      id: `test-${randomBytes(9).toString('hex')}`,
      type: 'webhook.test' as const,
      service: '',
      probe: '',
      cursor: 0,
      at: Date.now(),
      data: { webhook: id, events: webhook.events },
    };
    const { succeeded, outcome } = await this.#sender.attempt(webhook, delivery(webhook, event));
    if (succeeded) {
      await this.#sender.noteSuccess(webhook);
      this.#sender.wake();
    }
    return { succeeded, outcome };
  }

  /** Newest first. @throws {CollectorError} NOT_FOUND */
  async deliveries(id: string, limit: number): Promise<WebhookDelivery[]> {
    await this.#require(id);
    return (await this.#store.deliveries(id, limit)).map(viewDelivery);
  }

  get #store(): Source['storage']['webhooks'] {
    return this.#source.storage.webhooks;
  }

  async #require(id: string): Promise<StoredWebhook> {
    const webhook = (await this.#store.list()).find((one) => one.id === id);
    if (webhook !== undefined) return webhook;
    throw new CollectorError('NOT_FOUND', `There is no webhook ${id}. GET /webhooks lists them.`);
  }
}

const view = ({ secret: _secret, since: _since, events, ...shown }: StoredWebhook): WebhookView => ({
  ...shown,
  events: [...events],
});

const viewDelivery = ({
  event,
  type,
  createdAt,
  attempts,
  state,
  dueAt,
  outcome,
}: Delivery): WebhookDelivery => ({
  event,
  type,
  createdAt,
  attempts,
  state,
  ...(state === 'waiting' && { dueAt }),
  ...(outcome !== undefined && { outcome }),
});
