import { createGroup as create } from '../groups/groups.js';
import { groupRequest, groupView } from '../schemas/group.js';
import { defineOperation } from './operation.js';

export const createGroup = defineOperation({
  name: 'createGroup',
  summary: 'Begin a group of probes',
  description:
    'A debug session: its probes live and end together. `POST /probes` with its id as `group` places one in it.',
  tag: 'probes',
  method: 'POST',
  path: '/groups',
  isPerService: true,
  permission: 'probes:write',
  body: groupRequest,
  output: groupView,
  outputDescription: 'The group, still without probes.',
  status: 201,
  errors: ['LIMIT_EXCEEDED'],
  run: (core, { body }, caller) => create(core, body, caller),
});
