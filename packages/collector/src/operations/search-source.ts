import { z } from 'zod';
import { candidateBuilds } from '../builds/candidates.js';
import { namedBuild } from '../builds/named-build.js';
import { searchSources } from '../builds/search-sources.js';
import { name } from '../schemas/text.js';
import { sourceSearchView } from '../schemas/views.js';
import { requireService } from '../services/services.js';
import { defineOperation } from './operation.js';
import { pageSize } from './parameters.js';

export const searchSource = defineOperation({
  name: 'searchSource',
  summary: 'Search the texts of sources',
  description:
    'The lines that have a text, in any case, in the sources of a build that were published. It looks for a short time only: ' +
    '`complete` tells whether there may be more.',
  tag: 'builds',
  method: 'GET',
  path: '/sources/search',
  permission: 'builds:read',
  query: z.strictObject({
    service: name,
    text: name.min(2).meta({ description: 'It is no pattern: every character means itself.' }),
    buildId: name.meta({ description: 'Without it: of the build that runs now.' }).exactOptional(),
    limit: pageSize(100, 1_000),
  }),
  output: sourceSearchView,
  outputDescription: 'The lines by file and number.',
  errors: ['UNKNOWN_SERVICE', 'UNKNOWN_BUILD'],
  async run(core, { query: { service, text, buildId, limit } }) {
    await requireService(core.storage, service);
    const build =
      buildId === undefined
        ? (await candidateBuilds(core, service))[0]
        : await namedBuild(core, service, buildId);
    return searchSources(core.storage.sources, build, text, limit);
  },
});
