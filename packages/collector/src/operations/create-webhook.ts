import { CollectorError } from '../collector-error.js';
import { createdWebhook, webhookRequest } from '../out/webhooks/schemas.js';
import { defineOperation } from './operation.js';

export const createWebhook = defineOperation({
  name: 'createWebhook',
  summary: 'Create a webhook',
  description:
    'From now on it is told of hits, verdicts, pauses and ends of probes: by POST, signed as Standard Webhooks says, ' +
    'each event once, and again until it has come through.',
  tag: 'out',
  method: 'POST',
  path: '/webhooks',
  permission: 'out:write',
  body: webhookRequest,
  output: createdWebhook,
  outputDescription: 'With its secret, which is not shown again.',
  status: 201,
  errors: ['LIMIT_EXCEEDED'],
  async run({ out }, { body }, caller) {
    if (
      body.values &&
      !caller.has('values', body.service === undefined ? 'all' : { service: body.service })
    ) {
      throw new CollectorError('FORBIDDEN', 'values: you may not read captured values yourself.', {
        path: 'values',
      });
    }
    return out.webhooks.create(body);
  },
});
