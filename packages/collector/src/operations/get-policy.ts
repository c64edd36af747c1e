import { z } from 'zod';
import { policyView } from '../schemas/policy.js';
import { defineOperation } from './operation.js';
import { policyScope } from './parameters.js';

export const getPolicy = defineOperation({
  name: 'getPolicy',
  summary: 'Get a policy',
  description: 'The policy of a service, or of everything, and which processes have it.',
  tag: 'policies',
  method: 'GET',
  path: '/policy',
  permission: 'policies:read',
  query: z.strictObject({ service: policyScope }),
  output: policyView,
  outputDescription: 'The policy; an empty one where there is none.',
  errors: ['UNKNOWN_SERVICE'],
  run: ({ policies }, { query }) => policies.view(query),
});
