import { z } from 'zod';
import { webhookView } from '../out/webhooks/schemas.js';
import { defineOperation } from './operation.js';

export const listWebhooks = defineOperation({
  name: 'listWebhooks',
  summary: 'List webhooks',
  description: 'Who is told of what, and whether it comes through.',
  tag: 'out',
  method: 'GET',
  path: '/webhooks',
  permission: 'out:read',
  output: z.object({ webhooks: z.array(webhookView) }),
  outputDescription: 'Oldest first, without their secrets.',
  errors: [],
  run: async ({ out }) => ({ webhooks: await out.webhooks.list() }),
});
