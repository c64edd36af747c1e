import { z } from 'zod';
import { templateView } from '../schemas/template.js';
import { name } from '../schemas/text.js';
import { removeTemplate as remove } from '../templates/templates.js';
import { defineOperation } from './operation.js';

export const removeTemplate = defineOperation({
  name: 'removeTemplate',
  summary: 'Remove a template',
  description: 'All of its versions. Probes that were placed by it stay.',
  tag: 'probes',
  method: 'DELETE',
  path: '/templates/:name',
  isPerService: true,
  permission: 'probes:write',
  params: z.strictObject({ name }),
  output: templateView,
  outputDescription: 'Its latest version, as it was.',
  errors: ['NOT_FOUND'],
  run: (core, { params }, caller) => remove(core, params.name, caller),
});
