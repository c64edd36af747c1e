import { z } from 'zod';
import { templateRequest, templateView } from '../schemas/template.js';
import { name } from '../schemas/text.js';
import { saveTemplate as save } from '../templates/templates.js';
import { defineOperation } from './operation.js';

export const saveTemplate = defineOperation({
  name: 'saveTemplate',
  summary: 'Save a template',
  description:
    'A request of a probe under a name, with parameters: `@{limit}` in one of its texts. Every save makes a version; older ones stay.',
  tag: 'probes',
  method: 'PUT',
  path: '/templates/:name',
  isPerService: true,
  permission: 'probes:write',
  params: z.strictObject({ name }),
  body: templateRequest,
  output: templateView,
  outputDescription: 'The version that was saved.',
  errors: ['NOT_FOUND', 'UNKNOWN_SERVICE', 'CONFLICT'],
  run: (core, { params, body }, caller) => save(core, params.name, body, caller),
});
