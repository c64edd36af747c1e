import { z } from 'zod';
import { getGroup as get } from '../groups/groups.js';
import { groupView } from '../schemas/group.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const getGroup = defineOperation({
  name: 'getGroup',
  summary: 'Get a group of probes',
  description:
    'A group; `GET /probes?group=` shows its probes, `/captures` and `/stream` with `group` what they find.',
  tag: 'probes',
  method: 'GET',
  path: '/groups/:id',
  isPerService: true,
  permission: 'probes:read',
  params: z.strictObject({ id: name }),
  output: groupView,
  outputDescription: 'The group.',
  errors: ['NOT_FOUND'],
  run: (core, { params }, caller) => get(core, params.id, caller),
});
