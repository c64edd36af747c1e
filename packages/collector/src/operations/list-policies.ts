import { z } from 'zod';
import { policyView } from '../schemas/policy.js';
import { defineOperation } from './operation.js';

export const listPolicies = defineOperation({
  name: 'listPolicies',
  summary: 'List policies',
  description:
    'What may not be probed, is never shown, and is switched off: of everything, of services, of processes.',
  tag: 'policies',
  method: 'GET',
  path: '/policies',
  isPerService: true,
  permission: 'policies:read',
  output: z.object({ policies: z.array(policyView) }),
  outputDescription: 'That of everything first, then those of services and processes.',
  errors: [],
  run: async ({ policies }) => ({ policies: await policies.views() }),
});
