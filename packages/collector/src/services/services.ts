import type { Caller } from '../auth/caller.js';
import type { Permission } from '../auth/permissions.js';
import { CollectorError } from '../collector-error.js';
import { nearestNames } from '../nearest.js';
import type { Storage } from '../storage/contract/storage.js';

/** @throws {CollectorError} UNKNOWN_SERVICE */
export async function requireService({ services }: Storage, service: string): Promise<void> {
  const names = await services.names();
  if (names.includes(service)) return;
  const suggestions = nearestNames(service, names);
  throw new CollectorError('UNKNOWN_SERVICE', explain(service, suggestions, names), {
    path: 'service',
    suggestions,
  });
}

/** The services in which somebody may do something; nothing for who may in all that there are and will be. */
export async function servicesFor(
  { services }: Pick<Storage, 'services'>,
  permission: Permission,
  caller: Caller,
): Promise<readonly string[] | undefined> {
  if (caller.may(permission, 'all')) return undefined;
  return (await services.names()).filter((service) => caller.may(permission, { service }));
}

function explain(service: string, suggestions: readonly string[], names: readonly string[]): string {
  const what = `No agent of a service ${service} has ever connected.`;
  if (suggestions.length > 0) return `${what} Did you mean ${suggestions.join(' or ')}?`;
  if (names.length > 0) return `${what} Known: ${names.slice(0, 10).join(', ')}.`;
  return `${what} None of any other has: start a woven program with the runtime and the agent token first.`;
}
