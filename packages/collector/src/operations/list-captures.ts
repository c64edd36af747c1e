import { z } from 'zod';
import { withoutValues } from '../captures/without-values.js';
import { requireGroup } from '../groups/require-group.js';
import { captureView, cursor } from '../schemas/capture.js';
import { requireService } from '../services/services.js';
import { defineOperation } from './operation.js';
import { beyond, groupFilter, pageSize, probeFilter, serviceFilter } from './parameters.js';

export const listCaptures = defineOperation({
  name: 'listCaptures',
  summary: 'List captures',
  description:
    'Captures in the order of arrival, oldest first, or newest first. While `next` is there, there is more: pass it as `after`.',
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
    probe: probeFilter,
    service: serviceFilter,
    group: groupFilter,
    order: z
      .enum(['oldest', 'newest'])
      .meta({ description: 'Which comes first; `oldest` without it.' })
      .default('oldest'),
    after: beyond,
    limit: pageSize(100, 1_000),
  }),
  output: z.object({ captures: z.array(captureView), next: cursor.exactOptional() }),
  outputDescription: 'One page of captures.',
  errors: ['NOT_FOUND', 'UNKNOWN_SERVICE'],
  async run({ storage, probes }, { query }) {
    const { after: from, limit, order, ...filter } = query;
    if (filter.probe !== undefined) await probes.require(filter.probe);
    if (filter.service !== undefined) await requireService(storage, filter.service);
    if (filter.group !== undefined) await requireGroup(storage, filter.group);
    const found = await storage.captures.list(
      filter,
      from === undefined ? undefined : Number(from),
      limit + 1,
      order,
    );
    const captures = found.slice(0, limit);
    const last = captures.at(-1);
    return found.length > limit && last !== undefined ? { captures, next: last.cursor } : { captures };
  },
});
