import { z } from 'zod';
import { mergePatch } from '../probes/merge-patch.js';
import { requestOf } from '../probes/request-of.js';
import { parse } from '../schemas/parse.js';
import { probeRequest, probeView } from '../schemas/probe.js';
import { name } from '../schemas/text.js';
import { createProbe } from './create-probe.js';
import { defineOperation } from './operation.js';

export const duplicateProbe = defineOperation({
  name: 'duplicateProbe',
  summary: 'Place a probe once more',
  description:
    'Asks for the same as a probe, active or ended, with changes: a JSON merge patch (RFC 7396) of its request, in which ' +
    '`null` takes a field away. The new probe begins with a life of its own.',
  tag: 'probes',
  method: 'POST',
  path: '/probes/:id/duplicate',
  permission: 'probes:write',
  params: z.strictObject({ id: name }),
  body: z
    .record(z.string(), z.unknown())
    .meta({ description: 'Fields of ProbeRequest that are to be others; `{}` changes nothing.' }),
  output: probeView,
  outputDescription: 'The new probe.',
  status: 201,
  errors: createProbe.errors,
  async run({ probes }, { params, body }, caller) {
    const { definition } = await probes.require(params.id);
    return probes.create(parse(probeRequest, mergePatch(requestOf(definition), body)), caller);
  },
});
