import {
  WEBHOOK_EVENTS,
  type CreatedWebhook,
  type WebhookDelivery,
  type WebhookTest,
  type WebhookView,
} from '@dormouse/protocol';
import { z } from 'zod';
import { count, name, text, time } from '../../schemas/text.js';

const url = z.url({ protocol: /^https?$/ }).max(2_048);
const events = z.array(z.enum(WEBHOOK_EVENTS)).min(1);

const filters = {
  service: name.meta({ description: 'Only what is of this service.' }).exactOptional(),
  probe: name.meta({ description: 'Only what is of this probe.' }).exactOptional(),
};

export const webhookRequest = z
  .strictObject({
    url: url.meta({ description: 'Where messages are posted to. It has to be a public address.' }),
    events: events.meta({ description: 'What it is told of. Default: all.' }).default([...WEBHOOK_EVENTS]),
    ...filters,
    values: z
      .boolean()
      .meta({ description: 'Captured values are sent too, to whoever reads them there. Default: no.' })
      .default(false),
  })
  .meta({ id: 'WebhookRequest', description: 'What to tell whom.' });

export type CheckedWebhookRequest = z.output<typeof webhookRequest>;

const shown = {
  id: name,
  url,
  events,
  ...filters,
  values: z.boolean(),
  createdAt: time,
  failingSince: time.meta({ description: 'Since when nothing has come through.' }).exactOptional(),
  disabled: z
    .object({ at: time, reason: text })
    .meta({ description: 'Nothing is sent any more, until a test comes through.' })
    .exactOptional(),
  dropped: count.meta({ description: 'Events for which there was no room, because too much was waiting.' }),
};

export const webhookView: z.ZodType<WebhookView> = z
  .object(shown)
  .meta({ id: 'Webhook', description: 'Somebody who is told of what happens.' });

export const createdWebhook: z.ZodType<CreatedWebhook> = z
  .object({
    ...shown,
    secret: z.string().meta({ description: 'What messages are signed with. It is not shown again.' }),
  })
  .meta({ id: 'CreatedWebhook', description: 'A webhook, and its secret.' });

export const deliveryView: z.ZodType<WebhookDelivery> = z
  .object({
    event: z.string().meta({ description: 'The header `webhook-id`; the same at every attempt.' }),
    type: z.enum([...WEBHOOK_EVENTS, 'webhook.test']),
    createdAt: time,
    attempts: count,
    state: z.enum(['waiting', 'delivered', 'failed']),
    dueAt: time.meta({ description: 'While it waits: when it is sent next.' }).exactOptional(),
    outcome: text.meta({ description: 'What came of the last attempt.' }).exactOptional(),
  })
  .meta({ id: 'WebhookDelivery', description: 'A message to a webhook.' });

export const webhookTest: z.ZodType<WebhookTest> = z
  .object({ succeeded: z.boolean(), outcome: text })
  .meta({ id: 'WebhookTest', description: 'What came of a test.' });
