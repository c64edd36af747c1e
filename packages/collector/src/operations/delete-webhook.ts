import { z } from 'zod';
import { webhookView } from '../out/webhooks/schemas.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const deleteWebhook = defineOperation({
  name: 'deleteWebhook',
  summary: 'Delete a webhook',
  description: 'It is told of nothing any more; what waited for it is not sent either.',
  tag: 'out',
  method: 'DELETE',
  path: '/webhooks/:id',
  permission: 'out:write',
  params: z.strictObject({ id: name }),
  output: webhookView,
  outputDescription: 'The webhook as it was.',
  errors: ['NOT_FOUND'],
  run: ({ out }, { params }) => out.webhooks.delete(params.id),
});
