import { z } from 'zod';
import { webhookTest } from '../out/webhooks/schemas.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const testWebhook = defineOperation({
  name: 'testWebhook',
  summary: 'Test a webhook',
  description:
    'Sends it a message of type `webhook.test` now, once. If that comes through, a webhook that was disabled is told ' +
    'of things again.',
  tag: 'out',
  method: 'POST',
  path: '/webhooks/:id/test',
  permission: 'out:write',
  params: z.strictObject({ id: name }),
  output: webhookTest,
  outputDescription: 'What came of it.',
  errors: ['NOT_FOUND'],
  run: ({ out }, { params }) => out.webhooks.test(params.id),
});
