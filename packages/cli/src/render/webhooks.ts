import type { CreatedWebhook, WebhookDelivery, WebhookView } from '@dormouse/protocol';

import type { Style } from './style.js';
import { renderTable } from './table.js';
import { escapeUnsafe } from './text.js';
import { formatDateTime } from './time.js';

export const renderWebhooks = (webhooks: readonly WebhookView[], style: Style): string =>
  webhooks.length === 0
    ? 'There are no webhooks; "dormouse webhook create URL" makes one.'
    : renderTable(
        webhooks,
        [
          { header: 'WEBHOOK', cell: ({ id }) => id, paint: style.colors.bold },
          { header: 'URL', cell: ({ url }) => url, cut: 'end' },
          { header: 'TELLS OF', cell: tellsOf, cut: 'end' },
          {
            header: 'STATE',
            cell: stateOf,
            paint: (text, { disabled, failingSince }) =>
              disabled ? style.colors.red(text) : failingSince ? style.colors.yellow(text) : text,
          },
        ],
        style,
      );

/** With what has to be kept now. */
export const renderCreatedWebhook = ({ id, url, secret }: CreatedWebhook, style: Style): string =>
  [
    `${style.colors.bold(id)} tells ${escapeUnsafe(url)}`,
    `secret  ${secret}`,
    'It is shown once: keep it where messages are verified.',
  ].join('\n');

export const renderDeliveries = (deliveries: readonly WebhookDelivery[], style: Style): string =>
  deliveries.length === 0
    ? 'It was told of nothing yet.'
    : renderTable(
        deliveries,
        [
          { header: 'TIME', cell: ({ createdAt }) => formatDateTime(createdAt) },
          { header: 'TYPE', cell: ({ type }) => type },
          { header: 'MESSAGE', cell: ({ event }) => event, cut: 'end' },
          {
            header: 'STATE',
            cell: ({ state }) => state,
            paint: (text, { state }) => (state === 'failed' ? style.colors.red(text) : text),
          },
          { header: 'ATTEMPTS', cell: ({ attempts }) => String(attempts), align: 'right' },
          { header: 'LAST', cell: ({ outcome = '' }) => outcome, cut: 'end' },
        ],
        style,
      );

function tellsOf({ events, service, probe, values }: WebhookView): string {
  const what = events.map((event) => event.replace('probe.', '')).join(', ');
  const of = [service, probe].filter((name) => name !== undefined).join(' ');
  return [what, ...(of === '' ? [] : [`of ${of}`]), ...(values ? ['with values'] : [])].join(' ');
}

function stateOf({ disabled, failingSince, dropped }: WebhookView): string {
  const lost = dropped > 0 ? `, ${dropped} dropped` : '';
  if (disabled !== undefined) return `disabled: ${disabled.reason}${lost}`;
  return failingSince === undefined
    ? `working${lost}`
    : `failing since ${formatDateTime(failingSince)}${lost}`;
}
