import { CollectorError } from '../collector-error.js';
import type { Core } from '../core.js';
import type { BuildIndex } from './build-index.js';

/**
 * A build of a service by its id.
 * @throws {CollectorError} UNKNOWN_BUILD
 */
export async function namedBuild(core: Core, service: string, buildId: string): Promise<BuildIndex> {
  const known = await core.builds.idsOf(service);
  const build = known.includes(buildId) ? await core.builds.load(buildId) : undefined;
  if (build !== undefined) return build;
  throw new CollectorError('UNKNOWN_BUILD', `${service} has no build ${buildId} with a manifest here.`, {
    path: 'buildId',
    suggestions: known.slice(0, 5),
  });
}
