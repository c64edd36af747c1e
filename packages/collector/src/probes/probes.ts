import {
  LIMITS,
  type AgentIdentity,
  type Capture,
  type CapturedCaller,
  type ProbeExtension,
  type ProbeReport,
  type ProbeRequest,
  type ProbeView,
} from '@dormouse/protocol';
import type { Caller } from '../auth/caller.js';
import type { Permission } from '../auth/permissions.js';
import { candidateBuilds } from '../builds/candidates.js';
import { CollectorError } from '../collector-error.js';
import { requireWithin, withLife } from '../groups/life.js';
import { hasEnded, requireGroup, requireWholeGroup } from '../groups/require-group.js';
import type { Policies } from '../policy/policies.js';
import { requireService } from '../services/services.js';
import type { StoredGroup } from '../storage/contract/groups.js';
import type { ProbeFilter, StoredProbe } from '../storage/contract/probes.js';
import { ActiveProbes, notFound, type ActiveProbesOptions } from './active-probes.js';
import { Callers } from './callers.js';
import type { ToldProbe } from './command.js';
import { defineProbe } from './define.js';
import type { ProbeDefinition } from './definition.js';
import { Endings } from './endings.js';
import { extend } from './extend.js';
import { requireExtensionPermitted, requirePermitted } from './permitted.js';
import { matchesTarget, requireRunningBuild } from './target.js';
import { viewProbe } from './view.js';

/** What the probes need from the rest of the collector. */
export interface ProbesOptions extends Omit<ActiveProbesOptions, 'callers'> {
  readonly policies: Policies;
  /** Aborted when the collector is about to stop. */
  readonly stopping: AbortSignal;
}

/** The probes: what people and processes ask of them. Every one is in the database, and those that are active are here as well. */
export class Probes {
  /** Aborted when the collector, or they alone, stop. */
  readonly stopping: AbortSignal;
  readonly #options: ProbesOptions;
  readonly #callers = new Callers();
  readonly #active: ActiveProbes;
  readonly #endings: Endings;

  constructor(options: ProbesOptions) {
    this.#options = options;
    this.#active = new ActiveProbes({ ...options, callers: this.#callers });
    this.#endings = new Endings(options.storage, this.#active, options.news);
    this.stopping = AbortSignal.any([options.stopping, this.#active.stopping]);
  }

  /** Takes up the probes of an earlier life. */
  async start(): Promise<void> {
    for (const { definition, hits } of await this.#active.takeUp()) {
      await this.#endings.whenSpent(definition.id, hits);
      await this.#endings.withGroup(definition);
    }
    await this.#active.endExpired();
  }

  stop(): Promise<void> {
    return this.#active.stop();
  }

  /** @throws {CollectorError} what is wrong with the request, see `POST /probes`. */
  async create(request: ProbeRequest, caller: Caller): Promise<ProbeView> {
    const { storage, fleet, policies } = this.#options;
    const { service, target = {} } = request;
    requirePermitted(request, caller);
    await requireService(storage, service);
    policies.requireSwitchedOn(service);
    requireRunningBuild(target, service, fleet.identities(service));
    this.#requireRoom(service);
    const builds = await candidateBuilds(this.#options, service, (agent) => matchesTarget(target, agent));
    const defined = defineProbe(request, builds, policies.placingIn(service), Date.now());
    const probe = request.group === undefined ? defined : await this.#inGroup(defined, request, caller);

    await this.#active.begin(probe);
    await this.#endings.withGroup(probe);
    return this.view(probe.id);
  }

  /** Takes over what other collectors have changed. */
  follow(): Promise<void> {
    return this.#active.follow();
  }

  /**
   * Gives an active probe other limits.
   * @throws {CollectorError} NOT_FOUND, FORBIDDEN, ENDED, INVALID_REQUEST, LIMIT_EXCEEDED
   */
  async extend(id: string, asked: ProbeExtension, caller: Caller): Promise<ProbeView> {
    const definition = await this.#active.requireHere(id);
    requireExtensionPermitted(definition, asked, caller);
    const group =
      definition.group === undefined
        ? undefined
        : await requireGroup(this.#options.storage, definition.group);
    await this.#active.change(id, 'limits changed', (probe, hits) => {
      const extended = extend(probe, asked, hits, Date.now());
      if (group !== undefined) requireWithin(extended, group);
      return extended;
    });
    return this.view(id);
  }

  /**
   * Makes an active probe one of a group: it lives as long as that.
   * @throws {CollectorError} NOT_FOUND, ENDED
   */
  async join(id: string, { id: group, expiresAt }: StoredGroup): Promise<void> {
    await this.#active.requireHere(id);
    await this.#active.change(id, 'joined a group', (probe) => ({ ...probe, group, expiresAt }));
  }

  /** Ends a probe at a person's wish; one that has ended already stays as it is. */
  async remove(id: string): Promise<ProbeView> {
    await this.#active.requireHere(id);
    await this.#active.end(id, 'removed');
    return this.view(id);
  }

  /** @throws {CollectorError} NOT_FOUND */
  async view(id: string): Promise<ProbeView> {
    const [view] = await this.views([await this.require(id)]);
    return view!;
  }

  /** @throws {CollectorError} NOT_FOUND */
  require(id: string): Promise<StoredProbe> {
    return this.#active.require(id);
  }

  /** One of a service in which the caller may do this; the others are as if there were none. @throws {CollectorError} NOT_FOUND */
  async requireOwn(id: string, permission: Permission, caller: Caller): Promise<StoredProbe> {
    const probe = await this.require(id);
    if (!caller.may(permission, { service: probe.definition.service })) throw notFound(id);
    return probe;
  }

  /** Newest first. */
  async list(filter: ProbeFilter, limit: number): Promise<ProbeView[]> {
    return this.views(await this.#options.storage.probes.list(filter, limit));
  }

  async views(probes: readonly StoredProbe[]): Promise<ProbeView[]> {
    const ids = probes.map(({ definition }) => definition.id);
    const reports = await this.#options.storage.probes.reports(ids);
    return Promise.all(
      probes.map(async (probe) => ({
        ...viewProbe(probe, reports.get(probe.definition.id)!, await this.#unplacedOf(probe)),
        ...(await this.#presentOf(probe.definition.id)),
      })),
    );
  }

  /** Everything that should be armed in a process now. */
  commandsFor(agent: AgentIdentity): Promise<ToldProbe[]> {
    return this.#active.recipients.commandsFor(agent);
  }

  /** The connected processes, here and at other collectors, that are to have an active probe; none has one that has ended. */
  async wantedIn(id: string): Promise<ReadonlySet<string>> {
    const probe = this.#active.get(id);
    return probe === undefined ? new Set() : this.#active.recipients.wanting(probe);
  }

  /** A process came or went, or runs another build. */
  processesChanged(service: string): void {
    this.#active.recipients.processesChanged(service);
  }

  /**
   * The probe a process may send captures for, with its place in that process's build; `spent` where all processes together
   * have had its hits, and this one had not heard of it.
   */
  async findFor(
    agent: AgentIdentity,
    id: string,
  ): Promise<Pick<ProbeView, 'location' | 'function'> | 'spent' | undefined> {
    const active = this.#active.get(id);
    const ended = active === undefined ? await this.#options.storage.probes.find(id) : undefined;
    const probe = active ?? ended?.definition;
    if (probe?.service !== agent.service) return undefined;
    if (ended?.endCause === 'hitLimit' && probe.hitsOf !== 'each') return 'spent';
    const placement = await this.#active.recipients.placementIn(agent.buildId, probe);
    const location = 'at' in placement ? placement.location : probe.location;
    return { location, function: probe.anchor.function };
  }

  /** Whose variables a capture shows besides its own; and if its stack shows a new way to the probe, that is followed from now on. */
  async callersIn(agent: AgentIdentity, capture: Capture): Promise<readonly CapturedCaller[]> {
    const { stack, trail } = capture;
    if (stack === undefined || trail === undefined || agent.buildId === undefined) return [];
    const { builds, fleet, storage } = this.#options;
    const probe = this.#active.get(capture.probe) ?? (await storage.probes.find(capture.probe))?.definition;
    const build = await builds.load(agent.buildId);
    if (probe === undefined || build === undefined) return [];
    const callers = this.#callers.find(probe, build, capture);
    if (this.#callers.learn(probe, build, stack)) fleet.refresh(agent.service);
    return callers;
  }

  /** Notes what a process says about its probes. */
  report(agent: AgentIdentity, reports: readonly ProbeReport[]): Promise<void> {
    return this.#endings.report(agent, reports);
  }

  /** Ends the probes that have had their hits. */
  async countHits(totals: ReadonlyMap<string, number>): Promise<void> {
    for (const [id, hits] of totals) await this.#endings.whenSpent(id, hits);
  }

  /** @throws {CollectorError} NOT_FOUND, FORBIDDEN, ENDED */
  async #inGroup(
    probe: ProbeDefinition,
    { group: id = '', limits }: ProbeRequest,
    caller: Caller,
  ): Promise<ProbeDefinition> {
    const group = await requireWholeGroup(this.#options.storage, id, 'probes:write', caller);
    if (hasEnded(group)) throw new CollectorError('ENDED', `Group ${id} has ended.`, { path: 'group' });
    return withLife(probe, group, limits?.expiresInMs);
  }

  #requireRoom(service: string): void {
    const active = this.#active.countOf(service);
    if (active < LIMITS.probesPerProcess) return;
    throw new CollectorError(
      'LIMIT_EXCEEDED',
      `${service} has ${active} active probes, the most a process carries. Remove some with DELETE /probes/:id.`,
    );
  }

  /** Of an active probe, the builds that run now; of an ended one, those that ran when it ended. */
  async #unplacedOf({ definition, unplaced }: StoredProbe): Promise<ProbeView['unplaced']> {
    const probe = this.#active.get(definition.id);
    return probe === undefined ? unplaced : this.#active.recipients.unplaced(probe);
  }

  /** What only an active probe has. */
  async #presentOf(id: string): Promise<Pick<ProbeView, 'rollout' | 'killed'>> {
    const probe = this.#active.get(id);
    if (probe === undefined) return {};
    const killed = this.#options.policies.killOf(probe.service);
    return {
      ...(await this.#active.recipients.rolloutOf(probe)),
      ...(killed !== undefined && { killed }),
    };
  }
}
