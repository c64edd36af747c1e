import { CollectorError } from '../collector-error.js';
import { sourceView } from '../schemas/views.js';
import { defineOperation } from './operation.js';
import { findSource, sourceQuery } from './source-query.js';

export const getSource = defineOperation({
  name: 'getSource',
  summary: 'Get the text of a source',
  description:
    'The text of an original source, as it was when the build was woven: only where somebody has published it. Nothing else ' +
    'here has source code.',
  tag: 'builds',
  method: 'GET',
  path: '/sources',
  permission: 'builds:read',
  query: sourceQuery,
  output: sourceView,
  outputDescription: 'The text.',
  errors: ['UNKNOWN_SERVICE', 'UNKNOWN_BUILD', 'UNKNOWN_FILE', 'AMBIGUOUS_FILE', 'NOT_FOUND'],
  async run(core, { query }) {
    const { buildId, file, hash } = await findSource(core, query);
    const text = hash === '' ? undefined : await core.storage.sources.text(hash);
    if (text !== undefined) return { buildId, file, text };
    throw new CollectorError(
      'NOT_FOUND',
      `The text of ${file} was not published. \`dormouse sources\` does that for a whole build.`,
    );
  },
});
