import { z } from 'zod';
import { listGroups as list } from '../groups/groups.js';
import { groupView } from '../schemas/group.js';
import { defineOperation } from './operation.js';
import { pageSize } from './parameters.js';

export const listGroups = defineOperation({
  name: 'listGroups',
  summary: 'List groups of probes',
  description: 'Groups, active and ended, newest first.',
  tag: 'probes',
  method: 'GET',
  path: '/groups',
  isPerService: true,
  permission: 'probes:read',
  query: z.strictObject({
    state: z.enum(['active', 'ended']).exactOptional(),
    limit: pageSize(50, 200),
  }),
  output: z.object({ groups: z.array(groupView) }),
  outputDescription: 'The groups.',
  errors: [],
  run: async (core, { query: { state, limit } }, caller) => ({
    groups: await list(core, state, limit, caller),
  }),
});
