import { z } from 'zod';
import { deliveryView } from '../out/webhooks/schemas.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';
import { pageSize } from './parameters.js';

export const listDeliveries = defineOperation({
  name: 'listDeliveries',
  summary: 'List messages of a webhook',
  description: 'What it was told in the last days, what waits, and what came of each attempt.',
  tag: 'out',
  method: 'GET',
  path: '/webhooks/:id/deliveries',
  permission: 'out:read',
  params: z.strictObject({ id: name }),
  query: z.strictObject({ limit: pageSize(50, 1_000) }),
  output: z.object({ deliveries: z.array(deliveryView) }),
  outputDescription: 'Newest first.',
  errors: ['NOT_FOUND'],
  run: async ({ out }, { params, query }) => ({
    deliveries: await out.webhooks.deliveries(params.id, query.limit),
  }),
});
