import { z } from 'zod';
import { requireImport } from '../captures/file/imported.js';
import { importDetails } from '../schemas/capture-file.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const getImport = defineOperation({
  name: 'getImport',
  summary: 'Get an import',
  description: 'What came with a file besides its captures: the probes and builds that they are of.',
  tag: 'captures',
  method: 'GET',
  path: '/imports/:id',
  permission: 'captures:read',
  params: z.strictObject({ id: name }),
  output: importDetails,
  outputDescription: 'The import.',
  errors: ['NOT_FOUND'],
  run: ({ storage }, { params }) => requireImport(storage, params.id),
});
