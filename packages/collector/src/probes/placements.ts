import type { AgentIdentity, ProbeView } from '@dormouse/protocol';
import type { Builds } from '../builds/builds.js';
import { buildIds } from '../builds/candidates.js';
import type { ProbeDefinition } from './definition.js';
import { placeProbe, type Placement } from './place.js';
import { matchesTarget } from './target.js';

/** Where every probe stands in every build: looked for once, because neither ever changes. */
export class Placements {
  readonly #builds: Builds;
  readonly #known = new WeakMap<ProbeDefinition, Map<string, Placement>>();

  constructor(builds: Builds) {
    this.#builds = builds;
  }

  async of(probe: ProbeDefinition, buildId: string | undefined): Promise<Placement> {
    if (buildId === undefined) return { reason: 'The process does not know its build.' };
    const known = this.#known.get(probe) ?? new Map<string, Placement>();
    this.#known.set(probe, known);
    return known.get(buildId) ?? this.#find(probe, buildId, known);
  }

  /** The builds of the processes a probe is for in which it has no place. */
  async unplaced(probe: ProbeDefinition, agents: readonly AgentIdentity[]): Promise<ProbeView['unplaced']> {
    const unplaced = [];
    for (const buildId of buildIds(agents.filter((agent) => matchesTarget(probe.target, agent)))) {
      const placement = await this.of(probe, buildId);
      if ('reason' in placement) unplaced.push({ buildId, reason: placement.reason });
    }
    return unplaced;
  }

  async #find(probe: ProbeDefinition, buildId: string, known: Map<string, Placement>): Promise<Placement> {
    const build = await this.#builds.load(buildId);
    if (build === undefined) return { reason: 'The manifest of the build has not arrived.' };
    const placement = placeProbe(probe, build);
    known.set(buildId, placement);
    return placement;
  }
}
