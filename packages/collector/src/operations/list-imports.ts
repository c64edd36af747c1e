import { z } from 'zod';
import { importView } from '../schemas/capture-file.js';
import { defineOperation } from './operation.js';

export const listImports = defineOperation({
  name: 'listImports',
  summary: 'List imports',
  description:
    'Captures that came from files, newest first. They are kept apart from those of processes: `GET /captures?import=` shows them.',
  tag: 'captures',
  method: 'GET',
  path: '/imports',
  permission: 'captures:read',
  output: z.object({ imports: z.array(importView) }),
  outputDescription: 'The imports.',
  errors: [],
  run: async ({ storage }) => ({
    imports: (await storage.imports.list()).map(({ probes: _probes, builds: _builds, ...view }) => view),
  }),
});
