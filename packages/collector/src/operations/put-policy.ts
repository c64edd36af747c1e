import { z } from 'zod';
import { policyRequest, policyView } from '../schemas/policy.js';
import { defineOperation } from './operation.js';
import { policyScope } from './parameters.js';

export const putPolicy = defineOperation({
  name: 'putPolicy',
  summary: 'Replace a policy',
  description:
    'Deny list, redaction rules and limits of a service, or of everything: checked, stored, and told at once to every ' +
    'process that they are for. They add up: what either of two policies forbids is forbidden.',
  tag: 'policies',
  method: 'PUT',
  path: '/policy',
  permission: 'policies:write',
  query: z.strictObject({ service: policyScope }),
  body: policyRequest,
  output: policyView,
  outputDescription: 'The policy as it is now; processes confirm it within moments.',
  errors: ['UNKNOWN_SERVICE', 'LIMIT_EXCEEDED', 'CONFLICT'],
  run: ({ policies }, { query, body }) => policies.put(query, body),
});
