import { LIMITS } from '@dormouse/protocol';
import { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import { requireImport, searchableImport } from '../captures/file/imported.js';
import type { CaptureQuery, SearchableStore } from '../captures/search.js';
import { parseValueCondition } from '../captures/value-condition.js';
import { CollectorError } from '../collector-error.js';
import type { Core } from '../core.js';
import { requireSeenGroup } from '../groups/require-group.js';
import { probeKind } from '../schemas/probe.js';
import { name } from '../schemas/text.js';
import { requireService, servicesFor } from '../services/services.js';
import { groupFilter, probeFilter, serviceFilter } from './parameters.js';

const moment = z.coerce.number().min(0);
const condition = z.string().min(1).max(LIMITS.expressionLength);

/** Parameters by which captures are found. */
export const captureQuery = {
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
  import: name
    .meta({ description: 'Those that came with this import, and not those of processes.' })
    .exactOptional(),
};

type Asked = z.output<z.ZodObject<typeof captureQuery>>;

/**
 * Where captures are looked for, and what for.
 * @throws {CollectorError} NOT_FOUND, UNKNOWN_SERVICE, SYNTAX_ERROR, FORBIDDEN
 */
export async function readCaptureQuery(
  { storage, probes }: Core,
  { where: conditions = [], import: from, ...filter }: Asked,
  caller: Caller,
): Promise<{ readonly store: SearchableStore; readonly query: CaptureQuery }> {
  const where = [conditions].flat().map((source, index) => parseValueCondition(source, `where[${index}]`));
  const isImport = from !== undefined;
  const probe = isImport || filter.probe === undefined ? undefined : await probes.require(filter.probe);
  if (isImport) await requireImport(storage, from);
  else if (filter.service !== undefined) await requireService(storage, filter.service);
  if (filter.group !== undefined && !isImport)
    await requireSeenGroup(storage, filter.group, 'captures:read', caller);

  const service = probe?.definition.service ?? filter.service;
  const services = service === undefined ? await servicesFor(storage, 'captures:read', caller) : undefined;
  const searchesValues = where.length > 0 || filter.text !== undefined;
  if (searchesValues) requireValuesOf(caller, service, services);
  return {
    store: isImport ? searchableImport(storage, from) : storage.captures,
    query: { ...filter, ...(services !== undefined && { services }), where },
  };
}

/** Of one service, or of all that are looked through. */
function requireValuesOf(
  caller: Caller,
  service: string | undefined,
  services: readonly (string | undefined)[] = [service],
): void {
  for (const one of services) requireValues(caller, one);
}

/** Whoever may not read values cannot ask for them either: what is found tells them. */
export function requireValues(caller: Caller, service: string | undefined): void {
  if (caller.has('values', service === undefined ? 'all' : { service })) return;
  const where = service === undefined ? 'all services' : service;
  throw new CollectorError(
    'FORBIDDEN',
    `This takes the grant values for ${where}, which ${caller.name} has not.`,
  );
}
