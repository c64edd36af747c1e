import { z } from 'zod';
import { extendGroup as extend } from '../groups/groups.js';
import { groupView } from '../schemas/group.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const extendGroup = defineOperation({
  name: 'extendGroup',
  summary: 'Give a group another life',
  description: 'The group and all its active probes live so long from now.',
  tag: 'probes',
  method: 'POST',
  path: '/groups/:id/extend',
  isPerService: true,
  permission: 'probes:write',
  params: z.strictObject({ id: name }),
  body: z.strictObject({ expiresInMs: z.int().min(1) }),
  output: groupView,
  outputDescription: 'The group as it goes on.',
  errors: ['NOT_FOUND', 'ENDED', 'LIMIT_EXCEEDED'],
  run: (core, { params, body }, caller) => extend(core, params.id, body.expiresInMs, caller),
});
