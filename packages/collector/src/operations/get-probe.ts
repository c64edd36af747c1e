import { z } from 'zod';
import { probeView } from '../schemas/probe.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const getProbe = defineOperation({
  name: 'getProbe',
  summary: 'Get a probe',
  description: 'A probe with what became of it in every process.',
  tag: 'probes',
  method: 'GET',
  path: '/probes/:id',
  permission: 'probes:read',
  params: z.strictObject({ id: name }),
  output: probeView,
  outputDescription: 'The probe.',
  errors: ['NOT_FOUND'],
  run: ({ probes }, { params }) => probes.view(params.id),
});
