import { createHash } from 'node:crypto';
import { LIMITS } from '@dormouse/protocol';
import { z } from 'zod';
import { CollectorError } from '../collector-error.js';
import { sourceView } from '../schemas/views.js';
import { defineOperation } from './operation.js';
import { findSource, sourceQuery } from './source-query.js';

export const putSource = defineOperation({
  name: 'putSource',
  summary: 'Publish the text of a source',
  description:
    'Lets everybody who may look at the service’s builds read it. It has to be the very text that was woven: the manifest has its hash.',
  tag: 'builds',
  method: 'PUT',
  path: '/sources',
  permission: 'builds:write',
  query: sourceQuery,
  body: z.strictObject({ text: z.string() }),
  bodyLimit: LIMITS.sourceBytes,
  output: sourceView,
  outputDescription: 'The source as it is now shown.',
  errors: ['UNKNOWN_SERVICE', 'UNKNOWN_BUILD', 'UNKNOWN_FILE', 'AMBIGUOUS_FILE'],
  async run(core, { query, body: { text } }) {
    const { buildId, file, hash } = await findSource(core, query);
    if (createHash('sha256').update(text).digest('hex') !== hash) {
      throw new CollectorError(
        'INVALID_REQUEST',
        `This is not the text of ${file} that build ${buildId} was made from. Publish from the commit that was built.`,
        { path: 'text' },
      );
    }
    await core.storage.sources.save(hash, text);
    return { buildId, file, text };
  },
});
