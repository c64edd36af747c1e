import { z } from 'zod';
import { auditPage, sequence } from '../../schemas/audit.js';
import { name } from '../../schemas/text.js';
import { chain, wholeChain } from './chain.js';
import { defineOperation } from '../operation.js';
import { pageSize } from '../parameters.js';

const moment = z.coerce.number().min(0);

export const listAudit = defineOperation({
  name: 'listAudit',
  summary: 'List the audit trail',
  description:
    'Who asked for what, and what came of it. Whoever may see only an environment of the organisation is shown its records. While `next` is there, there is more: pass it as `after`.',
  tag: 'audit',
  method: 'GET',
  path: '/audit',
  permission: 'audit:read',
  query: z.strictObject({
    chain,
    caller: name.meta({ description: 'The id or the name of who acted.' }).exactOptional(),
    operation: name.exactOptional(),
    target: name.meta({ description: 'An id or a name of what it was done to.' }).exactOptional(),
    of: name.meta({ description: 'An environment, `organisation/project/environment`.' }).exactOptional(),
    from: moment.meta({ description: 'ms since 1970.' }).exactOptional(),
    to: moment.meta({ description: 'ms since 1970.' }).exactOptional(),
    order: z
      .enum(['oldest', 'newest'])
      .meta({ description: 'Which comes first; `newest` without it.' })
      .default('newest'),
    after: sequence
      .meta({ description: 'Only what comes after that record in the order asked for.' })
      .exactOptional(),
    limit: pageSize(100, 1_000),
  }),
  output: auditPage,
  outputDescription: 'One page of records.',
  errors: [],
  async run(core, { query }, caller) {
    const { chain: which, of, order, after, limit, ...filter } = query;
    const { organisation, environment } = core.audit.at(caller.place);
    const isWhole = which === 'collector' || caller.mayIn(organisation, 'audit:read');
    const place = isWhole ? wholeChain(core, caller, which, 'audit:read') : organisation;
    const shown = isWhole ? of : environment;
    const found = await core.audit.list(
      place,
      { ...filter, ...(shown !== undefined && { environment: shown }) },
      { order, limit: limit + 1, ...(after !== undefined && { after }) },
    );
    const records = found.slice(0, limit);
    const last = records.at(-1);
    return found.length > limit && last !== undefined
      ? { records, next: String(last.sequence) }
      : { records };
  },
});
