import type { Delivery, StoredWebhook } from '../../storage/contract/webhooks.js';
import type { Happening } from './events.js';

/** Bytes of a message. Standard Webhooks wants 20 KB at most: with captured values it may be more. */
const MOST_BYTES = 256 * 1_024;

/** The message about an event, waiting to be sent. */
export function delivery(webhook: StoredWebhook, event: Happening): Delivery {
  const now = Date.now();
  return {
    webhook: webhook.id,
    event: event.id,
    type: event.type,
    createdAt: now,
    body: webhook.values ? withValues(event) : write(event, event.data),
    attempts: 0,
    state: 'waiting',
    dueAt: now,
  };
}

function withValues(event: Happening): string {
  const body = write(event, { ...event.data, ...event.values });
  return Buffer.byteLength(body) <= MOST_BYTES
    ? body
    : write(event, { ...event.data, evidence: { omitted: 'payloadTooLarge' } });
}

const write = ({ type, at }: Happening, data: unknown): string =>
  JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });

/** Whether a webhook is to be told of an event. */
export function isFor(webhook: StoredWebhook, { type, service, probe, cursor }: Happening): boolean {
  return (
    (webhook.events as readonly Happening['type'][]).includes(type) &&
    (webhook.service === undefined || webhook.service === service) &&
    (webhook.probe === undefined || webhook.probe === probe) &&
    cursor > webhook.since
  );
}
