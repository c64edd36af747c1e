import { z } from 'zod';
import { requireCapture } from '../captures/require-capture.js';
import { withoutValues } from '../captures/without-values.js';
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
  run: ({ storage }, { params }) => requireCapture(storage, params.id),
});
