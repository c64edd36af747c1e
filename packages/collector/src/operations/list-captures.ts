import { LIMITS } from '@dormouse/protocol';
import { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import { searchCaptures } from '../captures/search.js';
import { parseValueCondition } from '../captures/value-condition.js';
import { withoutValues } from '../captures/without-values.js';
import { CollectorError } from '../collector-error.js';
import { requireGroup } from '../groups/require-group.js';
import { captureView, cursor, searchScope } from '../schemas/capture.js';
import { probeKind } from '../schemas/probe.js';
import { name } from '../schemas/text.js';
import { requireService } from '../services/services.js';
import { defineOperation } from './operation.js';
import { beyond, groupFilter, pageSize, probeFilter, serviceFilter } from './parameters.js';

const moment = z.coerce.number().min(0);
const condition = z.string().min(1).max(LIMITS.expressionLength);

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
    probe: probeFilter,
    service: serviceFilter,
    group: groupFilter,
    kind: probeKind.exactOptional(),
    traceId: z
      .string()
      .regex(/^[\da-f]{32}$/, 'must be the id of a trace: 32 digits, hexadecimal')
      .exactOptional(),
    instance: name.meta({ description: 'Of this process only.' }).exactOptional(),
    buildId: name.exactOptional(),
    from: moment.meta({ description: 'That arrived then or later; ms since 1970.' }).exactOptional(),
    to: moment.meta({ description: 'That arrived before; ms since 1970.' }).exactOptional(),
    text: z
      .string()
      .min(1)
      .max(500)
      .meta({ description: 'Somewhere in a value, a name, a message or the stack, in any case.' })
      .exactOptional(),
    where: z
      .union([condition, z.array(condition).max(10)])
      .meta({
        description:
          'Conditions on values, all of which hold: `order.total > 100`, `locals.order.id = "x"`, `threw.message contains ' +
          '"timeout"`, `order.discount` where it is there, `!order.discount` where it is not. A path begins with a variable, or ' +
          'with `this`, `returned`, `threw`, `locals`, `outers`, `watches`, `lastLine`, `context`, `attributes`, `message` or ' +
          '`durationMs`. What is redacted or was not captured decides nothing: it is counted in `scope.undecided`.',
      })
      .exactOptional(),
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
  async run({ storage, probes }, { query }, caller) {
    const { after, limit, order, where: conditions = [], ...filter } = query;
    const where = [conditions].flat().map((source, index) => parseValueCondition(source, `where[${index}]`));
    const probe = filter.probe === undefined ? undefined : await probes.require(filter.probe);
    if (filter.service !== undefined) await requireService(storage, filter.service);
    if (filter.group !== undefined) await requireGroup(storage, filter.group);
    if (where.length > 0 || filter.text !== undefined) {
      requireValues(caller, probe?.definition.service ?? filter.service);
    }
    return searchCaptures(
      storage.captures,
      { ...filter, where },
      { order, after: after === undefined ? undefined : Number(after), most: limit },
    );
  },
});

/** Whoever may not read values cannot ask for them either: what is found tells them. */
function requireValues(caller: Caller, service: string | undefined): void {
  if (caller.has('values', service === undefined ? 'all' : { service })) return;
  throw new CollectorError(
    'FORBIDDEN',
    `To search in values takes the grant values, which ${caller.name} has not${service === undefined ? ' for all services' : ''}.`,
  );
}
