import { z } from 'zod';
import { addToGroup as add } from '../groups/groups.js';
import { groupView } from '../schemas/group.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const addToGroup = defineOperation({
  name: 'addToGroup',
  summary: 'Take probes into a group',
  description: 'Active probes become probes of the group, and live as long as it does.',
  tag: 'probes',
  method: 'POST',
  path: '/groups/:id/probes',
  isPerService: true,
  permission: 'probes:write',
  params: z.strictObject({ id: name }),
  body: z.strictObject({ probes: z.array(name).min(1).max(200) }),
  output: groupView,
  outputDescription: 'The group with them.',
  errors: ['NOT_FOUND', 'ENDED'],
  run: (core, { params, body }, caller) => add(core, params.id, body.probes, caller),
});
