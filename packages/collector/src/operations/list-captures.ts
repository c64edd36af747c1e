import { z } from 'zod';
import { searchCaptures } from '../captures/search.js';
import { withoutValues } from '../captures/without-values.js';
import { captureView, cursor, searchScope } from '../schemas/capture.js';
import { captureQuery, readCaptureQuery } from './capture-query.js';
import { defineOperation } from './operation.js';
import { beyond, pageSize } from './parameters.js';

export const listCaptures = defineOperation({
  name: 'listCaptures',
  summary: 'List captures',
  description:
    'Captures in the order of arrival, oldest first, or newest first, that match all that is asked for. While `next` is ' +
    'there, there is more to look at: pass it as `after`, even if this page has none. Only probe, service and times are ' +
    'found at once; for the rest captures are looked through, and `scope` says how many, and how far.',
  tag: 'captures',
  method: 'GET',
  path: '/captures',
  isPerService: true,
  withoutValues: ({ captures, ...page }, reads) => ({
    captures: captures.map((capture) => (reads(capture.service) ? capture : withoutValues(capture))),
    ...page,
  }),
  permission: 'captures:read',
  query: z.strictObject({
    ...captureQuery,
    order: z
      .enum(['oldest', 'newest'])
      .meta({ description: 'Which comes first; `oldest` without it.' })
      .default('oldest'),
    after: beyond,
    limit: pageSize(100, 1_000),
  }),
  output: z.object({ captures: z.array(captureView), next: cursor.exactOptional(), scope: searchScope }),
  outputDescription: 'One page of captures.',
  errors: ['NOT_FOUND', 'UNKNOWN_SERVICE', 'SYNTAX_ERROR'],
  async run(core, { query: { after, limit, order, ...asked } }, caller) {
    const { store, query } = await readCaptureQuery(core, asked, caller);
    return searchCaptures(store, query, {
      order,
      after: after === undefined ? undefined : Number(after),
      most: limit,
    });
  },
});
