import { z } from 'zod';
import { probeExtension, probeView } from '../schemas/probe.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const extendProbe = defineOperation({
  name: 'extendProbe',
  summary: 'Give a probe other limits',
  description:
    'More time, more hits, or another rate; every process that has the probe follows, and one that had had its hits or its ' +
    'time goes on. `expiresInMs` counts from now.',
  tag: 'probes',
  method: 'POST',
  path: '/probes/:id/extend',
  permission: 'probes:write',
  params: z.strictObject({ id: name }),
  body: probeExtension,
  output: probeView,
  outputDescription: 'The probe as it goes on.',
  errors: ['NOT_FOUND', 'ENDED', 'LIMIT_EXCEEDED'],
  run: ({ probes }, { params, body }, caller) => probes.extend(params.id, body, caller),
});
