import type { Caller } from '../auth/caller.js';
import type { Permission } from '../auth/permissions.js';
import { CollectorError } from '../collector-error.js';
import type { Core } from '../core.js';
import type { Operation, OperationInput } from './operation.js';

/** Callers who may do something in some services only, and what they ask: the one place that keeps services apart. */

type Fields = Readonly<Record<string, unknown>> | undefined;
type Input = OperationInput<never, never, never>;

/** A service that a request is about. */
export interface Named {
  /** Nothing: of what there is not. */
  readonly service: string | undefined;
  /** What is answered when it is not permitted. */
  readonly refusal: CollectorError;
}

/**
 * Runs an operation within the services in which the caller may: those that the request names. A list that tells the service
 * of each of its elements is answered without those of others. Whatever else there is may belong to any service, and is
 * refused, unless the operation looks itself.
 * @throws {CollectorError} FORBIDDEN; NOT_FOUND or UNKNOWN_SERVICE for what is of others, as for what there is not
 */
export async function limitToServices(
  operation: Operation,
  core: Core,
  input: Input,
  caller: Caller,
  named: readonly Named[],
): Promise<unknown> {
  const { permission } = operation;
  requireNamed(named, permission, caller);
  const isNamed = named.length > 0 && !namesMore(operation);
  if (!isNamed && operation.isPerService === undefined) {
    throw new CollectorError(
      'FORBIDDEN',
      `This is about all services, and ${caller.name} may do it in some only.`,
    );
  }
  try {
    return onlyPermitted(await operation.run(core, input, caller), permission, caller);
  } catch (error) {
    if (!(error instanceof CollectorError) || error.code !== 'UNKNOWN_SERVICE') throw error;
    // Its suggestions are services of others.
    throw unknownService();
  }
}

/** Whether a path names something whose services are not known here: a group, a template, a build. */
const namesMore = ({ path }: Operation): boolean =>
  path.includes('/:') && !KNOWN.some((start) => path.startsWith(start));

const KNOWN = ['/probes/', '/captures/', '/agents/'];

/** @throws {CollectorError} NOT_FOUND, UNKNOWN_SERVICE */
export function requireNamed(named: readonly Named[], permission: Permission, caller: Caller): void {
  for (const { service, refusal } of named) {
    if (service === undefined || !caller.may(permission, { service })) throw refusal;
  }
}

/** The services that a request names, itself or by a probe, capture or process of theirs. */
export async function servicesNamed(
  { path }: Pick<Operation, 'path'>,
  { storage }: Core,
  input: Partial<Input>,
): Promise<Named[]> {
  const query = input.query as Fields;
  const body = input.body as Fields;
  const id = (input.params as Fields)?.['id'];
  const named: Named[] = [];

  for (const service of [query?.['service'], body?.['service']]) {
    if (typeof service === 'string') named.push({ service, refusal: unknownService() });
  }
  for (const probe of [query?.['probe'], path.startsWith('/probes/') ? id : undefined]) {
    if (typeof probe !== 'string') continue;
    const found = await storage.probes.find(probe);
    named.push({ service: found?.definition.service, refusal: notFound('probe', probe) });
  }
  if (path.startsWith('/captures/') && typeof id === 'string') {
    const found = await storage.captures.find(id);
    named.push({ service: found?.service, refusal: notFound('capture', id) });
  }
  const instance = (input.params as Fields)?.['instance'];
  if (typeof instance === 'string') {
    const [found] = await storage.agents.find([instance]);
    named.push({ service: found?.service, refusal: notFound('process', instance) });
  }
  return named;
}

const unknownService = (): CollectorError =>
  new CollectorError('UNKNOWN_SERVICE', 'There is no such service that you may see.', { path: 'service' });

const notFound = (what: string, id: string): CollectorError =>
  new CollectorError('NOT_FOUND', `There is no ${what} ${id} that you may see.`);

/** An answer, its lists without elements of services in which the caller may not do this. */
function onlyPermitted(output: unknown, permission: Permission, caller: Caller): unknown {
  if (output === null || typeof output !== 'object') return output;
  return Object.fromEntries(
    Object.entries(output).map(([field, value]) => [
      field,
      Array.isArray(value) ? value.filter((element) => isPermitted(element, permission, caller)) : value,
    ]),
  );
}

function isPermitted(element: unknown, permission: Permission, caller: Caller): boolean {
  const service = (element as Fields)?.['service'];
  return typeof service !== 'string' || caller.may(permission, { service });
}
