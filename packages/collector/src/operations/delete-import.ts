import { z } from 'zod';
import { requireImport } from '../captures/file/imported.js';
import { importDetails } from '../schemas/capture-file.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const deleteImport = defineOperation({
  name: 'deleteImport',
  summary: 'Delete an import',
  description: 'Deletes the captures that came with a file.',
  tag: 'captures',
  method: 'DELETE',
  path: '/imports/:id',
  permission: 'captures:write',
  params: z.strictObject({ id: name }),
  output: importDetails,
  outputDescription: 'The import as it was.',
  errors: ['NOT_FOUND'],
  async run({ storage }, { params }) {
    const details = await requireImport(storage, params.id);
    await storage.imports.delete(params.id);
    return details;
  },
});
