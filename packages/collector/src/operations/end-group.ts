import { z } from 'zod';
import { endGroup as end } from '../groups/groups.js';
import { groupView } from '../schemas/group.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const endGroup = defineOperation({
  name: 'endGroup',
  summary: 'End a group and its probes',
  description:
    'Ends all probes of the group and tells every process to disarm them. Their captures stay. Ending twice is no error.',
  tag: 'probes',
  method: 'DELETE',
  path: '/groups/:id',
  isPerService: true,
  permission: 'probes:write',
  params: z.strictObject({ id: name }),
  output: groupView,
  outputDescription: 'The group as it ended.',
  errors: ['NOT_FOUND'],
  run: (core, { params }, caller) => end(core, params.id, caller),
});
