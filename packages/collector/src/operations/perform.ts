import type { Caller } from '../auth/caller.js';
import { CollectorError } from '../collector-error.js';
import type { Core } from '../core.js';
import type { Operation, OperationInput } from './operation.js';
import { limitToServices, servicesNamed } from './services-of.js';

/**
 * Does what was asked of an environment, as far as the caller may: the one way in for every door. The permission itself
 * was asked for when the caller came in.
 * @throws {CollectorError} FORBIDDEN, and what the operation throws
 */
export async function perform(
  operation: Operation,
  core: Core,
  input: OperationInput<never, never, never>,
  caller: Caller,
): Promise<unknown> {
  const { grant, permission, withoutValues } = operation;
  if (grant !== undefined && !caller.has(grant, 'all')) {
    throw new CollectorError('FORBIDDEN', `This takes the grant ${grant}, which ${caller.name} has not.`);
  }
  const mayAll = caller.may(permission, 'all');
  const readsAll = withoutValues === undefined || caller.has('values', 'all');
  if (mayAll && readsAll) return operation.run(core, input, caller);

  const named = await servicesNamed(operation, core, input);
  const output = mayAll
    ? await operation.run(core, input, caller)
    : await limitToServices(operation, core, input, caller, named);
  const reads = (service: string | undefined): boolean =>
    service !== undefined && caller.has('values', { service });
  if (readsAll || (named.length > 0 && named.every(({ service }) => reads(service)))) return output;
  return withoutValues(output, reads);
}
