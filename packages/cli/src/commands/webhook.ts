import { WEBHOOK_EVENTS, type WebhookEvent } from '@dormouse/protocol';

import { parseCount } from '../ask/quantity.js';
import { defineCommand, type Invocation } from '../command/command.js';
import { nearest } from '../command/nearest.js';
import { EXIT, UsageError, type ExitCode } from '../failure.js';
import { renderCreatedWebhook, renderDeliveries, renderWebhooks } from '../render/webhooks.js';
import { escapeUnsafe } from '../render/text.js';

const ACTIONS = ['list', 'create', 'test', 'messages', 'delete'] as const;

/** As they are written here: `hit` for `probe.hit`. */
const EVENTS = WEBHOOK_EVENTS.map((event) => event.replace('probe.', ''));

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

type Call = Invocation<typeof OPTIONS>;

export const command = defineCommand({
  positionals: [
    { name: 'ACTION', values: ACTIONS, summary: `${ACTIONS.join(', ')}; default list`, optional: true },
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
  async run(call) {
    const [action = 'list', which] = call.positionals;
    if (!isAction(action)) throw new UsageError(`There is no "webhook ${action}".`, nearest(action, ACTIONS));
    if (action === 'list') return list(call, which);
    if (which === undefined)
      throw new UsageError(
        action === 'create' ? 'URL is missing: who is told.' : 'ID is missing: which webhook.',
      );
    return DO[action](call, which);
  },
});

const isAction = (text: string): text is (typeof ACTIONS)[number] =>
  (ACTIONS as readonly string[]).includes(text);

async function list({ client, answer }: Call, which: string | undefined): Promise<void> {
  if (which !== undefined) throw new UsageError(`"${which}" is one argument too many.`);
  const webhooks = await client.webhooks();
  answer({ webhooks }, (style) => renderWebhooks(webhooks, style));
}

const DO: Readonly<
  Record<Exclude<(typeof ACTIONS)[number], 'list'>, (call: Call, which: string) => Promise<ExitCode | void>>
> = {
  async create({ client, values, answer }, url) {
    const { event = [], service, probe } = values;
    const webhook = await client.createWebhook({
      url,
      ...(event.length > 0 && { events: event.map(eventOf) }),
      ...(service !== undefined && { service }),
      ...(probe !== undefined && { probe }),
      ...(values.values === true && { values: true }),
    });
    answer(webhook, (style) => renderCreatedWebhook(webhook, style));
  },

  async test({ client, answer }, id) {
    const test = await client.testWebhook(id);
    answer(
      test,
      () =>
        `${test.succeeded ? 'It came through' : 'It did not come through'}: ${escapeUnsafe(test.outcome)}`,
    );
    return test.succeeded ? EXIT.ok : EXIT.failure;
  },

  async messages({ client, values, answer }, id) {
    const { limit } = values;
    const deliveries = await client.deliveries(
      id,
      limit === undefined ? undefined : parseCount('limit', limit),
    );
    answer({ deliveries }, (style) => renderDeliveries(deliveries, style));
  },

  async delete({ client, answer }, id) {
    const webhook = await client.deleteWebhook(id);
    answer(webhook, () => `${webhook.id} is told of nothing any more.`);
  },
};

/** @throws {UsageError} */
function eventOf(text: string): WebhookEvent {
  const event = WEBHOOK_EVENTS.find((one) => one === text || one === `probe.${text}`);
  if (event !== undefined) return event;
  throw new UsageError(`--event ${text} is none of ${EVENTS.join(', ')}.`, nearest(text, EVENTS));
}
