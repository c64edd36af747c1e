import type { AgentIdentity } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { Fleet } from '../agents/fleet.js';
import type { BuildIndex } from './build-index.js';
import type { Builds } from './builds.js';

/**
 * The builds in which a service's line can be looked for, best first: those that matching processes run
 * now, newest connection first; else those that any process runs; else those that were ever seen.
 * @throws {CollectorError} UNKNOWN_BUILD when there is none.
 */
export async function candidateBuilds(
  { fleet, builds }: { readonly fleet: Fleet; readonly builds: Builds },
  service: string,
  matches: (agent: AgentIdentity) => boolean = () => true,
): Promise<[BuildIndex, ...BuildIndex[]]> {
  const live = fleet.identities(service);
  const choices = [buildIds(live.filter(matches)), buildIds(live), await builds.idsOf(service)];
  for (const ids of choices) {
    const loaded = await Promise.all(ids.map((id) => builds.load(id)));
    const [first, ...others] = loaded.filter((build) => build !== undefined);
    if (first !== undefined) return [first, ...others];
  }
  throw noManifest(service, buildIds(live));
}

/** Each build once. */
export function buildIds(agents: readonly AgentIdentity[]): string[] {
  return [...new Set(agents.map((agent) => agent.buildId).filter((id) => id !== undefined))];
}

function noManifest(service: string, running: readonly string[]): CollectorError {
  const message =
    running.length > 0
      ? `The manifest of ${service}’s build ${running[0]} is not here yet: try again in a moment, or upload it with PUT /manifests.`
      : `No manifest of a build of ${service} is here. Its processes send theirs when they find dormouse.manifest.json; PUT /manifests uploads one.`;
  return new CollectorError('UNKNOWN_BUILD', message, { path: 'service' });
}
