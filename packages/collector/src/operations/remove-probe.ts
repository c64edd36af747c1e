import { z } from 'zod';
import { probeView } from '../schemas/probe.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const removeProbe = defineOperation({
  name: 'removeProbe',
  summary: 'Remove a probe',
  description:
    'Ends a probe and tells every process to disarm it. Its captures stay. Removing twice is no error.',
  tag: 'probes',
  method: 'DELETE',
  path: '/probes/:id',
  permission: 'probes:write',
  params: z.strictObject({ id: name }),
  output: probeView,
  outputDescription: 'The probe as it ended.',
  errors: ['NOT_FOUND'],
  run: ({ probes }, { params }) => probes.remove(params.id),
});
