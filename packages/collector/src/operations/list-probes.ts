import { z } from 'zod';
import { requireSeenGroup } from '../groups/require-group.js';
import { probeView } from '../schemas/probe.js';
import { requireService, servicesFor } from '../services/services.js';
import { defineOperation } from './operation.js';
import { groupFilter, pageSize, serviceFilter } from './parameters.js';

export const listProbes = defineOperation({
  name: 'listProbes',
  summary: 'List probes',
  description: 'Probes, active and ended, newest first.',
  tag: 'probes',
  method: 'GET',
  path: '/probes',
  isPerService: true,
  permission: 'probes:read',
  query: z.strictObject({
    service: serviceFilter,
    group: groupFilter,
    state: z.enum(['active', 'ended']).exactOptional(),
    limit: pageSize(200, 1_000),
  }),
  output: z.object({ probes: z.array(probeView) }),
  outputDescription: 'The probes.',
  errors: ['UNKNOWN_SERVICE', 'NOT_FOUND'],
  async run({ storage, probes }, { query: { limit, ...filter } }, caller) {
    if (filter.service !== undefined) await requireService(storage, filter.service);
    if (filter.group !== undefined) await requireSeenGroup(storage, filter.group, 'probes:read', caller);
    const services = await servicesFor(storage, 'probes:read', caller);
    return {
      probes: await probes.list({ ...filter, ...(services !== undefined && { services }) }, limit),
    };
  },
});
