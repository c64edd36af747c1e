import { z } from 'zod';
import { templateView } from '../schemas/template.js';
import { name } from '../schemas/text.js';
import { getTemplate as get } from '../templates/templates.js';
import { defineOperation } from './operation.js';

export const getTemplate = defineOperation({
  name: 'getTemplate',
  summary: 'Get a template',
  description: 'One version of a template; without `version` the latest.',
  tag: 'probes',
  method: 'GET',
  path: '/templates/:name',
  isPerService: true,
  permission: 'probes:read',
  params: z.strictObject({ name }),
  query: z.strictObject({ version: z.coerce.number().int().min(1).exactOptional() }),
  output: templateView,
  outputDescription: 'The version.',
  errors: ['NOT_FOUND'],
  run: (core, { params, query }, caller) => get(core, params.name, query.version, caller),
});
