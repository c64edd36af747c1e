import { z } from 'zod';
import { candidateBuilds } from '../builds/candidates.js';
import { findFile } from '../builds/find-file.js';
import { findFunctions } from '../builds/find-functions.js';
import { longName, name } from '../schemas/text.js';
import { functionView } from '../schemas/views.js';
import { requireService } from '../services/services.js';
import { defineOperation } from './operation.js';
import { pageSize } from './parameters.js';

export const listFunctions = defineOperation({
  name: 'listFunctions',
  summary: 'List or search functions',
  description:
    'The functions of the build that a service runs now, of one file or of all, with their lines and variables. A ' +
    'search looks at names of functions, files and variables, in this order.',
  tag: 'services',
  method: 'GET',
  path: '/functions',
  permission: 'services:read',
  query: z.strictObject({
    service: name,
    file: longName
      .meta({ description: 'Original source, or any unambiguous end of its path.' })
      .exactOptional(),
    search: name
      .meta({ description: 'Words that are parts of names, in any case; all have to be found.' })
      .exactOptional(),
    limit: pageSize(100, 1_000),
  }),
  output: z.object({
    functions: z.array(functionView),
    total: z.int().min(0).meta({ description: 'All that were found; more than are shown beyond `limit`.' }),
  }),
  outputDescription: 'The functions, best first, and then by file and line.',
  errors: ['UNKNOWN_SERVICE', 'UNKNOWN_BUILD', 'UNKNOWN_FILE', 'AMBIGUOUS_FILE'],
  async run(core, { query: { service, file, search, limit } }) {
    await requireService(core.storage, service);
    const [build] = await candidateBuilds(core, service);
    const files = file === undefined ? build.paths : [findFile(build, file)];
    const found = findFunctions(build, files, search);
    return { functions: found.slice(0, limit), total: found.length };
  },
});
