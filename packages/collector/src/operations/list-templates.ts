import { z } from 'zod';
import { templateView } from '../schemas/template.js';
import { listTemplates as list } from '../templates/templates.js';
import { defineOperation } from './operation.js';

export const listTemplates = defineOperation({
  name: 'listTemplates',
  summary: 'List templates',
  description: 'The latest version of each, by name.',
  tag: 'probes',
  method: 'GET',
  path: '/templates',
  isPerService: true,
  permission: 'probes:read',
  output: z.object({ templates: z.array(templateView) }),
  outputDescription: 'The templates.',
  errors: [],
  run: async (core) => ({ templates: await list(core) }),
});
