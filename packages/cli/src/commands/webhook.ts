import { WEBHOOK_EVENTS, type WebhookEvent } from '@dormouse/protocol';

import { parseChoice } from '../ask/choice.js';
import { parseCount } from '../ask/quantity.js';
import { actionNamed, actionPositional } from '../command/action.js';
import { defineCommand, type Invocation } from '../command/command.js';
import { EXIT, UsageError, type ExitCode } from '../failure.js';
import { renderCreatedWebhook, renderDeliveries, renderWebhooks } from '../render/webhooks.js';
import { escapeUnsafe } from '../render/text.js';

/** As they are written here: `hit` for `probe.hit`. */
type ShortEvent = WebhookEvent extends `probe.${infer Short}` ? Short : never;

const EVENTS = WEBHOOK_EVENTS.map((event) => event.replace('probe.', '') as ShortEvent);

const OPTIONS = {
  event: {
    type: 'string',
    value: 'EVENT',
    values: EVENTS,
    multiple: true,
    summary: `create: what it is told of, ${EVENTS.join(', ')}; default: all`,
  },
  service: {
    type: 'string',
    value: 'NAME',
    values: 'services',
    summary: 'create: only what is of this service',
  },
  probe: { type: 'string', value: 'ID', values: 'probes', summary: 'create: only what is of this probe' },
  values: { type: 'boolean', summary: 'create: send captured values, too' },
  limit: { type: 'string', value: 'N', summary: 'messages: at most this many; default 50' },
} as const;

type Asked = Pick<Invocation<typeof OPTIONS>, 'client' | 'values' | 'answer'> & {
  readonly which: string | undefined;
};

/** What the first argument asks for. */
const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<ExitCode | void>>> = {
  async list({ client, which, answer }) {
    if (which !== undefined) throw new UsageError(`"${which}" is one argument too many.`);
    const webhooks = await client.webhooks();
    answer({ webhooks }, (style) => renderWebhooks(webhooks, style));
  },

  async create({ client, which, values, answer }) {
    const { event = [], service, probe } = values;
    const webhook = await client.createWebhook({
      url: required(which, 'URL is missing: who is told.'),
      ...(event.length > 0 && { events: event.map(parseEvent) }),
      ...(service !== undefined && { service }),
      ...(probe !== undefined && { probe }),
      ...(values.values === true && { values: true }),
    });
    answer(webhook, (style) => renderCreatedWebhook(webhook, style));
  },

  async test({ client, which, answer }) {
    const { succeeded, outcome } = await client.testWebhook(required(which));
    const result = succeeded ? 'It came through' : 'It did not come through';
    answer({ succeeded, outcome }, () => `${result}: ${escapeUnsafe(outcome)}`);
    return succeeded ? EXIT.ok : EXIT.failure;
  },

  async messages({ client, which, values: { limit }, answer }) {
    const most = limit === undefined ? undefined : parseCount('limit', limit);
    const deliveries = await client.deliveries(required(which), most);
    answer({ deliveries }, (style) => renderDeliveries(deliveries, style));
  },

  async delete({ client, which, answer }) {
    const webhook = await client.deleteWebhook(required(which));
    answer(webhook, () => `${webhook.id} is told of nothing any more.`);
  },
};

export const command = defineCommand({
  positionals: [
    actionPositional(ACTIONS, 'list'),
    { name: 'WHICH', summary: 'a URL to create, else the id of a webhook', optional: true },
  ],
  options: OPTIONS,
  notes: `Examples
  dormouse webhook create https://hooks.example.com/dormouse --event verdict --event paused
  dormouse webhook                                # who is told of what, and whether it comes through
  dormouse webhook test wh_1f9c2a
  dormouse webhook messages wh_1f9c2a
  dormouse webhook delete wh_1f9c2a

Messages are signed as Standard Webhooks says, and sent again until they have come through: verify the signature, and
take each "webhook-id" once. They have no captured values unless you ask for them.`,
  async run({ client, values, positionals: [action = 'list', which], answer }) {
    return actionNamed(ACTIONS, action)({ client, values, which, answer });
  },
});

function required(which: string | undefined, missing = 'ID is missing: which webhook.'): string {
  if (which === undefined) throw new UsageError(missing);
  return which;
}

/** The whole name may be written as well. @throws {UsageError} */
const parseEvent = (text: string): WebhookEvent =>
  `probe.${parseChoice('event', text.replace(/^probe\./u, ''), EVENTS)}`;
