import type { WebhookDelivery, WebhookEvent } from '@dormouse/protocol';

/** Times are ms since 1970. */
export interface StoredWebhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Only events of this service, or of this probe. */
  readonly service?: string;
  readonly probe?: string;
  /** Captured values are sent too. */
  readonly values: boolean;
  /** What its messages are signed with: `whsec_…`. */
  readonly secret: string;
  readonly createdAt: number;
  /** Cursor of the last event before it. */
  readonly since: number;
  /** Of the first in a row of messages that failed. */
  readonly failingSince?: number;
  /** Why nothing is sent any more. */
  readonly disabled?: { readonly at: number; readonly reason: string };
  /** Events for which there was no room. */
  readonly dropped: number;
}

/** A message that waits to be sent, or was. */
export interface Delivery {
  readonly webhook: string;
  /** Of its event: an event is sent to a webhook once. */
  readonly event: string;
  readonly type: WebhookDelivery['type'];
  readonly createdAt: number;
  /** The message, JSON. */
  readonly body: string;
  readonly attempts: number;
  readonly state: 'waiting' | 'delivered' | 'failed';
  /** While it waits: when it is sent next. */
  readonly dueAt: number;
  /** What came of the last attempt, in one sentence. */
  readonly outcome?: string;
}

/** What becomes of a webhook; `undefined` takes away. */
export interface WebhookChange {
  readonly failingSince?: number | undefined;
  readonly disabled?: StoredWebhook['disabled'] | undefined;
  readonly dropped?: number;
}

/** What is left of a delivery that need not be sent again. */
export type DeliveryOutcome = Pick<
  Delivery,
  'webhook' | 'event' | 'attempts' | 'state' | 'dueAt' | 'outcome'
>;

export interface WebhookStore {
  /** Oldest first. */
  list(): Promise<StoredWebhook[]>;
  insert(webhook: StoredWebhook): Promise<void>;
  /** Changes what is given of one that is there. @returns whether it is */
  update(id: string, change: WebhookChange): Promise<boolean>;
  /** With all that it was sent, or was to be. */
  delete(id: string): Promise<void>;
  /**
   * Keeps those whose events are new to their webhook.
   * @param most that may wait for one webhook
   * @returns how many found no room, by webhook
   */
  enqueue(deliveries: readonly Delivery[], most: number): Promise<ReadonlyMap<string, number>>;
  /** Those to be sent by now, due first, but for those of some webhooks. */
  due(now: number, limit: number, except: readonly string[]): Promise<Delivery[]>;
  settle(outcome: DeliveryOutcome): Promise<void>;
  /** Of one webhook, newest first. */
  deliveries(webhook: string, limit: number): Promise<Delivery[]>;
  /** Forgets those that are over and were made before a time. */
  deleteSettled(before: number): Promise<void>;
}
