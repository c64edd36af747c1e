import { z } from 'zod';
import { withoutValues } from '../captures/without-values.js';
import { CollectorError } from '../collector-error.js';
import { captureView } from '../schemas/capture.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const getCapture = defineOperation({
  name: 'getCapture',
  summary: 'Get a capture',
  description: 'One hit of a probe with all its evidence.',
  tag: 'captures',
  method: 'GET',
  path: '/captures/:id',
  withoutValues,
  permission: 'captures:read',
  params: z.strictObject({ id: name }),
  output: captureView,
  outputDescription: 'The capture.',
  errors: ['NOT_FOUND'],
  async run({ storage }, { params }) {
    const capture = await storage.captures.find(params.id);
    if (capture !== undefined) return capture;
    throw new CollectorError(
      'NOT_FOUND',
      `There is no capture ${params.id}, or it was old enough to be deleted.`,
    );
  },
});
