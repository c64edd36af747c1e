import { LIMITS, type AgentIdentity, type ProbeReport, type ProbeView } from '@dormouse/protocol';
import type { Fleet } from '../agents/fleet.js';
import type { Builds } from '../builds/builds.js';
import type { Log } from '../log.js';
import { Chore } from '../others/chore.js';
import type { Callers } from './callers.js';
import { Chosen } from './chosen.js';
import { toldOf, type ToldProbe } from './command.js';
import type { ProbeDefinition } from './definition.js';
import type { Placement } from './place.js';
import { Placements } from './placements.js';
import { isNarrowed, Rollouts } from './rollout.js';
import { matchesTarget } from './target.js';

/** While many processes come and go, those that have a probe of a share or a canary are chosen no more often, ms. */
const CHOOSE_EVERY_MS = 100;

export interface RecipientsOptions {
  readonly builds: Builds;
  readonly fleet: Fleet;
  readonly callers: Callers;
  readonly log: Log;
  /** All probes that are active now. */
  active(): Iterable<ProbeDefinition>;
  /** The canary of a probe is through: it is to be for the others too. */
  widen(probe: ProbeDefinition): Promise<void>;
}

/** Which processes have which probes, and what each of them is told. */
export class Recipients {
  readonly #options: RecipientsOptions;
  readonly #placements: Placements;
  readonly #rollouts = new Rollouts((probe) => {
    this.#options
      .widen(probe)
      .catch((err: unknown) => this.#options.log.error({ err }, 'a roll-out could not go on'));
  });
  readonly #chosen = new Chosen(
    async (probe) => new Set(this.#rollouts.choose(probe, await this.#placed(probe))),
  );
  /** Services whose processes have come or gone since they were chosen from. */
  readonly #restless = new Set<string>();
  readonly #choosing = new Chore(
    () => this.#chooseAgain(),
    (err) => this.#options.log.error({ err }, 'the processes of a roll-out could not be chosen'),
    CHOOSE_EVERY_MS,
  );
  #isStopped = false;

  constructor(options: RecipientsOptions) {
    this.#options = options;
    this.#placements = new Placements(options.builds);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#rollouts.stop();
    await this.#choosing.done();
  }

  /** Everything that should be armed in a process now. */
  async commandsFor(agent: AgentIdentity): Promise<ToldProbe[]> {
    const now = Date.now();
    const commands: ToldProbe[] = [];
    for (const probe of this.#options.active()) {
      if (probe.service !== agent.service || !matchesTarget(probe.target, agent)) continue;
      const placement = await this.placementIn(agent.buildId, probe);
      if (!('at' in placement)) continue;
      if (isNarrowed(probe) && !(await this.#chosen.of(probe)).has(agent.instance)) continue;
      const callers = agent.buildId === undefined ? [] : this.#options.callers.of(probe, agent.buildId);
      commands.push(toldOf(probe, placement, callers, now));
    }
    return commands.slice(0, LIMITS.probesPerProcess);
  }

  /** The connected processes, here and at other collectors, that are to have a probe. */
  async wanting(probe: ProbeDefinition): Promise<ReadonlySet<string>> {
    return isNarrowed(probe) ? this.#chosen.of(probe) : new Set(await this.#placed(probe));
  }

  /** The connected processes that were told of a probe, or will be by the collectors they are connected to. */
  async told(probe: ProbeDefinition): Promise<string[]> {
    const wanting = await this.wanting(probe);
    const { fleet } = this.#options;
    return this.#live(probe)
      .map(({ instance }) => instance)
      .filter((instance) => fleet.find(instance)?.told.has(probe.id) ?? wanting.has(instance));
  }

  placementIn(buildId: string | undefined, probe: ProbeDefinition): Promise<Placement> {
    return this.#placements.of(probe, buildId);
  }

  /** The builds that run now in which a probe has no place. */
  unplaced(probe: ProbeDefinition): Promise<ProbeView['unplaced']> {
    return this.#placements.unplaced(probe, this.#live(probe));
  }

  async rolloutOf(probe: ProbeDefinition): Promise<Pick<ProbeView, 'rollout'>> {
    if (!isNarrowed(probe)) return {};
    return { rollout: this.#rollouts.view(probe, [...(await this.#chosen.of(probe))]) };
  }

  /** @returns whether the probe has a canary, of which it took too much */
  hear(instance: string, report: ProbeReport): boolean {
    return this.#rollouts.hear(report.id, instance, report);
  }

  /** A probe has ended, or has no canary any longer. */
  endRollout(id: string): void {
    this.#rollouts.end(id);
  }

  /** A process came or went, or runs another build: which of them have a probe of a share or a canary may be others now. */
  processesChanged(service: string): void {
    this.#restless.add(service);
    this.#choosing.ask();
  }

  #live({ service }: ProbeDefinition): AgentIdentity[] {
    return this.#options.fleet.identities(service);
  }

  /** The connected processes that a probe is for and in whose build it has a place. */
  async #placed(probe: ProbeDefinition): Promise<string[]> {
    const placed: string[] = [];
    for (const agent of this.#live(probe)) {
      if (!matchesTarget(probe.target, agent)) continue;
      if ('at' in (await this.placementIn(agent.buildId, probe))) placed.push(agent.instance);
    }
    return placed;
  }

  /** Tells only those for which it makes a difference. */
  async #chooseAgain(): Promise<void> {
    if (this.#isStopped) return;
    const services = new Set(this.#restless);
    this.#restless.clear();
    for (const probe of this.#options.active()) {
      if (!services.has(probe.service) || !isNarrowed(probe)) continue;
      this.#options.fleet.refreshOnly(await this.#chosen.again(probe));
    }
  }
}
