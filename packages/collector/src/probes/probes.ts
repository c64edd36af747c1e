import { isDeepStrictEqual } from 'node:util';
import {
  LIMITS,
  METRIC_KINDS,
  type AgentIdentity,
  type Capture,
  type CapturedCaller,
  type DisarmCause,
  type ProbeExtension,
  type ProbeKind,
  type ProbeReport,
  type ProbeRequest,
  type ProbeView,
} from '@dormouse/protocol';
import type { Fleet } from '../agents/fleet.js';
import type { Happening } from '../audit/audit.js';
import type { Builds } from '../builds/builds.js';
import { candidateBuilds } from '../builds/candidates.js';
import type { Caller } from '../auth/caller.js';
import type { Permission } from '../auth/permissions.js';
import { CollectorError } from '../collector-error.js';
import { requireWithin, withLife } from '../groups/life.js';
import { hasEnded, requireGroup, requireWholeGroup } from '../groups/require-group.js';
import type { Log } from '../log.js';
import { Chore } from '../others/chore.js';
import type { Policies } from '../policy/policies.js';
import { requireService } from '../services/services.js';
import type { EndCause, ProbeFilter, ProbeStore, StoredProbe } from '../storage/contract/probes.js';
import type { StoredGroup } from '../storage/contract/groups.js';
import type { Storage } from '../storage/contract/storage.js';
import type { Bell } from '../stream/bell.js';
import { Callers } from './callers.js';
import { Chosen } from './chosen.js';
import { toldOf, type ToldProbe } from './command.js';
import { defineProbe } from './define.js';
import type { ProbeDefinition } from './definition.js';
import { DoneTogether } from './done-together.js';
import { extend } from './extend.js';
import { requireExtensionPermitted, requirePermitted } from './permitted.js';
import { Placements } from './placements.js';
import { isNarrowed, Rollouts } from './rollout.js';
import { matchesTarget, requireRunningBuild } from './target.js';
import { viewProbe } from './view.js';

/** What the probes need from the rest of the collector. */
export interface ProbesOptions {
  readonly storage: Storage;
  readonly builds: Builds;
  readonly fleet: Fleet;
  readonly policies: Policies;
  readonly news: Bell;
  happened(happening: Happening): void;
  readonly log: Log;
}

/** Causes that will not pass by themselves: a probe that ends so in every process is of no use. */
const FAILURES: ReadonlySet<DisarmCause | undefined> = new Set<DisarmCause>([
  'error',
  'unknownFile',
  'contractMismatch',
  'invalid',
]);

/** Changes of other collectors that are read at once. */
const CHANGES = 500;

/** While many processes come and go, those that have a probe of a share or a canary are chosen no more often, ms. */
const CHOOSE_EVERY_MS = 100;

/** A longer one fires at once: a clock that was set back by weeks would have it fire without end. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Before it is tried again to end what has expired, ms. */
const EXPIRE_AGAIN_MS = 1_000;

/** What they show is a sample: a check goes on counting, and a tag tagging, when they have shown enough. Metrics show all. */
const GOES_ON: ReadonlySet<ProbeKind> = new Set<ProbeKind>(['check', 'tag', ...METRIC_KINDS]);

/**
 * The probes: every one is in the database, and those that are active are here as well, ready for the
 * agents. The database is always written first.
 */
export class Probes {
  readonly #options: ProbesOptions;
  readonly #active = new Map<string, ProbeDefinition>();
  readonly #placements: Placements;
  readonly #callers = new Callers();
  readonly #rollouts = new Rollouts((probe) => {
    this.#widen(probe).catch((error: unknown) =>
      this.#options.log.error({ err: error }, 'a roll-out could not go on'),
    );
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
  readonly #endings = new DoneTogether((id) => this.#endWhenOverEverywhere(id));
  readonly #counts = new DoneTogether((id) => this.#countReported(id));
  #expiry: NodeJS.Timeout | undefined;
  #expiring: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();
  /** The last change that is known here, of whichever collector. */
  #followed = 0;
  /** What changes an active probe is done one after the other, so that nothing known is replaced by what was before. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: ProbesOptions) {
    this.#options = options;
    this.#placements = new Placements(options.builds);
  }

  /** Aborted when the collector stops. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Takes up the probes of an earlier life. */
  async start(): Promise<void> {
    this.#followed = await this.#options.storage.events.last();
    const active = await this.#store.list({ state: 'active' }, Number.MAX_SAFE_INTEGER);
    for (const { definition } of active) this.#active.set(definition.id, definition);
    for (const { definition, hits } of active) {
      await this.#endWhenSpent(definition.id, hits);
      await this.#endWithGroup(definition);
    }
    await this.#endExpired();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#expiry);
    this.#rollouts.stop();
    await Promise.all([this.#expiring, this.#choosing.done()]);
  }

  /** @throws {CollectorError} what is wrong with the request, see `POST /probes`. */
  async create(request: ProbeRequest, caller: Caller): Promise<ProbeView> {
    const { storage, fleet, policies, news, log } = this.#options;
    requirePermitted(request, caller);
    await requireService(storage, request.service);
    policies.requireSwitchedOn(request.service);
    const target = request.target ?? {};
    requireRunningBuild(target, request.service, this.#liveAgents(request.service));
    this.#requireRoom(request.service);
    const builds = await candidateBuilds(this.#options, request.service, (agent) =>
      matchesTarget(target, agent),
    );
    const defined = defineProbe(request, builds, policies.placingIn(request.service), Date.now());
    const probe = request.group === undefined ? defined : await this.#inGroup(defined, request, caller);

    await this.#store.insert(probe);
    this.#active.set(probe.id, probe);
    this.#scheduleExpiry();
    log.info(
      { probe: probe.id, kind: probe.kind, service: probe.service, ...probe.location },
      'probe created',
    );
    fleet.refresh(probe.service);
    news.ring();
    await this.#endWithGroup(probe);
    return this.view(probe.id);
  }

  /** Takes over what other collectors have changed. */
  async follow(): Promise<void> {
    const services = await this.#inTurn(() => this.#takeOver());
    if (services.size === 0) return;
    this.#scheduleExpiry();
    for (const service of services) this.#options.fleet.refresh(service);
    this.#options.news.ring();
  }

  /**
   * Gives an active probe other limits.
   * @throws {CollectorError} NOT_FOUND, FORBIDDEN, ENDED, INVALID_REQUEST, LIMIT_EXCEEDED
   */
  async extend(id: string, asked: ProbeExtension, caller: Caller): Promise<ProbeView> {
    const definition = await this.#requireHere(id);
    requireExtensionPermitted(definition, asked, caller);
    const group =
      definition.group === undefined
        ? undefined
        : await requireGroup(this.#options.storage, definition.group);
    await this.#change(id, 'limits changed', (probe, hits) => {
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
    await this.#requireHere(id);
    await this.#change(id, 'joined a group', (probe) => ({ ...probe, group, expiresAt }));
  }

  /** Ends a probe at a person's wish; one that has ended already stays as it is. */
  async remove(id: string): Promise<ProbeView> {
    await this.#requireHere(id);
    await this.#end(id, 'removed');
    return this.view(id);
  }

  /** @throws {CollectorError} NOT_FOUND */
  async view(id: string): Promise<ProbeView> {
    const [view] = await this.views([await this.require(id)]);
    return view!;
  }

  /** @throws {CollectorError} NOT_FOUND */
  async require(id: string): Promise<StoredProbe> {
    const probe = await this.#store.find(id);
    if (probe === undefined) throw notFound(id);
    return probe;
  }

  /** One of a service in which the caller may do this; the others are as if there were none. @throws {CollectorError} NOT_FOUND */
  async requireOwn(id: string, permission: Permission, caller: Caller): Promise<StoredProbe> {
    const probe = await this.require(id);
    if (!caller.may(permission, { service: probe.definition.service })) throw notFound(id);
    return probe;
  }

  /** Newest first. */
  async list(filter: ProbeFilter, limit: number): Promise<ProbeView[]> {
    return this.views(await this.#store.list(filter, limit));
  }

  async views(probes: readonly StoredProbe[]): Promise<ProbeView[]> {
    const reports = await this.#store.reports(probes.map(({ definition }) => definition.id));
    return Promise.all(
      probes.map(async (probe) => ({
        ...viewProbe(probe, reports.get(probe.definition.id)!, await this.#unplacedOf(probe)),
        ...(await this.#rolloutOf(probe.definition.id)),
        ...this.#killOf(probe.definition),
      })),
    );
  }

  /** Everything that should be armed in a process now. */
  async commandsFor(agent: AgentIdentity): Promise<ToldProbe[]> {
    const now = Date.now();
    const commands: ToldProbe[] = [];
    for (const probe of this.#active.values()) {
      if (probe.service !== agent.service || !matchesTarget(probe.target, agent)) continue;
      const placement = await this.#placements.of(probe, agent.buildId);
      if (!('at' in placement)) continue;
      if (isNarrowed(probe) && !(await this.#chosen.of(probe)).has(agent.instance)) continue;
      const callers = agent.buildId === undefined ? [] : this.#callers.of(probe, agent.buildId);
      commands.push(toldOf(probe, placement, callers, now));
    }
    return commands.slice(0, LIMITS.probesPerProcess);
  }

  /** The connected processes, here and at other collectors, that are to have an active probe; none has one that has ended. */
  async wantedIn(id: string): Promise<ReadonlySet<string>> {
    const probe = this.#active.get(id);
    return probe === undefined ? new Set() : this.#wanted(probe);
  }

  /** A process came or went, or runs another build: which of them have a probe of a share or a canary may be others now. */
  processesChanged(service: string): void {
    this.#restless.add(service);
    this.#choosing.ask();
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
    const ended = active === undefined ? await this.#store.find(id) : undefined;
    const probe = active ?? ended?.definition;
    if (probe?.service !== agent.service) return undefined;
    if (ended?.endCause === 'hitLimit' && probe.hitsOf !== 'each') return 'spent';
    const placement = await this.#placements.of(probe, agent.buildId);
    const location = 'at' in placement ? placement.location : probe.location;
    return { location, function: probe.anchor.function };
  }

  /** Whose variables a capture shows besides its own; and if its stack shows a new way to the probe, that is followed from now on. */
  async callersIn(agent: AgentIdentity, capture: Capture): Promise<readonly CapturedCaller[]> {
    const { stack, trail } = capture;
    if (stack === undefined || trail === undefined || agent.buildId === undefined) return [];
    const probe = this.#active.get(capture.probe) ?? (await this.#ended(capture.probe));
    const build = await this.#options.builds.load(agent.buildId);
    if (probe === undefined || build === undefined) return [];
    const callers = this.#callers.find(probe, build, capture);
    if (this.#callers.learn(probe, build, stack)) this.#options.fleet.refresh(agent.service);
    return callers;
  }

  /** Notes what a process says about its probes. */
  async report(agent: AgentIdentity, reports: readonly ProbeReport[]): Promise<void> {
    const ids = reports.map((report) => report.id);
    const known = await this.#store.among(agent.service, ids);
    const changed = await this.#store.saveReports(
      agent.instance,
      reports.filter((report) => known.has(report.id)),
    );
    for (const report of reports) {
      const isOverBudget = this.#rollouts.hear(report.id, agent.instance, report);
      if (isOverBudget) await this.#end(report.id, 'budget');
    }
    const mayEnd = reports.filter(({ id, cause }) => {
      const probe = this.#active.get(id);
      return changed.includes(id) && probe !== undefined && overBy(probe, cause) !== undefined;
    });
    await Promise.all(mayEnd.map(({ id }) => this.#endings.ask(id)));
    const counted = reports.filter(({ id }) => this.#active.get(id)?.to === 'process');
    await Promise.all(counted.map(({ id }) => this.#counts.ask(id)));
    if (changed.length > 0) this.#options.news.ring();
  }

  /** Ends the probes that have had their hits. */
  async countHits(totals: ReadonlyMap<string, number>): Promise<void> {
    for (const [id, hits] of totals) await this.#endWhenSpent(id, hits);
  }

  /** Of logs that only processes get to see, they alone know how many there were. */
  async #countReported(id: string): Promise<void> {
    const reports = (await this.#store.reports([id])).get(id)!;
    const hits = reports.reduce((sum, { captured }) => sum + captured, 0);
    await this.#store.setHits(id, hits);
    await this.#endWhenSpent(id, hits);
  }

  get #store(): ProbeStore {
    return this.#options.storage.probes;
  }

  async #ended(id: string): Promise<ProbeDefinition | undefined> {
    return (await this.#store.find(id))?.definition;
  }

  /** The probe; where another collector has just made it, it is known here then. */
  async #requireHere(id: string): Promise<ProbeDefinition> {
    const { state, definition } = await this.require(id);
    if (state === 'active' && !this.#active.has(id)) await this.follow();
    return definition;
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
    const active = [...this.#active.values()].filter((probe) => probe.service === service).length;
    if (active < LIMITS.probesPerProcess) return;
    throw new CollectorError(
      'LIMIT_EXCEEDED',
      `${service} has ${active} active probes, the most a process carries. Remove some with DELETE /probes/:id.`,
    );
  }

  /** Of an active probe, the builds that run now; of an ended one, those that ran when it ended. */
  async #unplacedOf({ definition, unplaced }: StoredProbe): Promise<ProbeView['unplaced']> {
    const probe = this.#active.get(definition.id);
    if (probe === undefined) return unplaced;
    return this.#placements.unplaced(probe, this.#liveAgents(probe.service));
  }

  /** The connected processes that a probe is for and in whose build it has a place. */
  async #placed(probe: ProbeDefinition): Promise<string[]> {
    const placed: string[] = [];
    for (const agent of this.#liveAgents(probe.service)) {
      if (!matchesTarget(probe.target, agent)) continue;
      if ('at' in (await this.#placements.of(probe, agent.buildId))) placed.push(agent.instance);
    }
    return placed;
  }

  async #wanted(probe: ProbeDefinition): Promise<ReadonlySet<string>> {
    return isNarrowed(probe) ? this.#chosen.of(probe) : new Set(await this.#placed(probe));
  }

  /** Tells only those for which it makes a difference. */
  async #chooseAgain(): Promise<void> {
    if (this.stopping.aborted) return;
    const services = new Set(this.#restless);
    this.#restless.clear();
    for (const probe of this.#active.values()) {
      if (!services.has(probe.service) || !isNarrowed(probe)) continue;
      this.#options.fleet.refreshOnly(await this.#chosen.again(probe));
    }
  }

  /** @returns the services whose probes have changed */
  async #takeOver(): Promise<ReadonlySet<string>> {
    const services = new Set<string>();
    let changed: readonly StoredProbe[];
    do {
      changed = await this.#store.changedAfter(this.#followed, CHANGES);
      for (const { definition, state, cursor } of changed) {
        this.#followed = cursor;
        if (state === 'active') this.#keep(definition);
        else this.#forget(definition.id);
        services.add(definition.service);
      }
    } while (changed.length === CHANGES);
    return services;
  }

  /** A definition that is the same stays the same object: it is placed already. */
  #keep(probe: ProbeDefinition): void {
    const known = this.#active.get(probe.id);
    if (!isDeepStrictEqual(known, probe)) this.#active.set(probe.id, probe);
    if (probe.widenedAt !== undefined) this.#rollouts.end(probe.id);
  }

  #forget(id: string): void {
    this.#active.delete(id);
    this.#rollouts.end(id);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#changing.then(work);
    this.#changing = done.catch(() => {});
    return done;
  }

  /** The canary is through: from now on the probe is for the others too. */
  async #widen({ id }: ProbeDefinition): Promise<void> {
    if (this.stopping.aborted || !this.#active.has(id)) return;
    await this.#change(id, 'the canary is through, the others follow', (probe) => ({
      ...probe,
      widenedAt: Date.now(),
    }));
  }

  /**
   * Changes an active probe, and tells its processes.
   * @param what for the log
   * @param change is given the hits that the probe has had, too
   * @throws {CollectorError} NOT_FOUND, ENDED, and what `change` throws
   */
  #change(
    id: string,
    what: string,
    change: (probe: ProbeDefinition, hits: number) => ProbeDefinition,
  ): Promise<void> {
    return this.#inTurn(async () => {
      const { fleet, news, log } = this.#options;
      const { hits, state, definition } = await this.require(id);
      if (state === 'ended') throw isOver(id);
      const changed = change(definition, hits);
      await this.#store.update(changed);
      this.#keep(changed);
      this.#scheduleExpiry();
      log.info({ probe: id, service: changed.service }, what);
      fleet.refresh(changed.service);
      news.ring();
    });
  }

  async #rolloutOf(id: string): Promise<Pick<ProbeView, 'rollout'>> {
    const probe = this.#active.get(id);
    if (probe === undefined || !isNarrowed(probe)) return {};
    return { rollout: this.#rollouts.view(probe, [...(await this.#chosen.of(probe))]) };
  }

  #killOf({ id, service }: ProbeDefinition): Pick<ProbeView, 'killed'> {
    const killed = this.#active.has(id) ? this.#options.policies.killOf(service) : undefined;
    return killed === undefined ? {} : { killed };
  }

  #liveAgents(service: string): AgentIdentity[] {
    return this.#options.fleet.identities(service);
  }

  async #endWhenSpent(id: string, hits: number): Promise<void> {
    const probe = this.#active.get(id);
    if (probe === undefined || hits < probe.limits.hits || probe.hitsOf === 'each') return;
    if (!GOES_ON.has(probe.kind)) await this.#end(id, 'hitLimit');
  }

  /** A group that was ended while the probe came to it, or by a collector that was killed meanwhile, did not take it along. */
  async #endWithGroup({ id, group }: ProbeDefinition): Promise<void> {
    const found = group === undefined ? undefined : await this.#options.storage.groups.find(group);
    if (found?.endedAt !== undefined) await this.#end(id, 'removed');
  }

  /** Once every connected process that was told of the probe has decided, had its own hits, or given it up. */
  async #endWhenOverEverywhere(id: string): Promise<void> {
    const probe = this.#active.get(id);
    if (probe === undefined) return;
    const told = await this.#told(probe);
    const reports = (await this.#store.reports([id])).get(id)!;
    const causes = new Map(reports.map(({ instance, cause }) => [instance, cause]));
    const ends = told.map((instance) => overBy(probe, causes.get(instance)));
    if (ends.length === 0 || ends.includes(undefined)) return;
    await this.#end(id, ends.find((end) => end !== 'error') ?? 'error');
  }

  /** The connected processes that were told of a probe, or will be by the collectors they are connected to. */
  async #told(probe: ProbeDefinition): Promise<string[]> {
    const wanted = await this.#wanted(probe);
    const { fleet } = this.#options;
    return fleet
      .identities(probe.service)
      .map(({ instance }) => instance)
      .filter((instance) => fleet.find(instance)?.told.has(probe.id) ?? wanted.has(instance));
  }

  #end(id: string, cause: EndCause): Promise<void> {
    return this.#inTurn(() => this.#endNow(id, cause));
  }

  async #endNow(id: string, cause: EndCause): Promise<void> {
    const { fleet, news, happened, log } = this.#options;
    const probe = this.#active.get(id);
    if (probe === undefined) return;
    const unplaced = await this.#placements.unplaced(probe, this.#liveAgents(probe.service));
    const isEndedHere = await this.#store.end(id, cause, unplaced);
    this.#forget(id);
    this.#scheduleExpiry();
    if (isEndedHere) {
      log.info({ probe: id, service: probe.service, cause }, 'probe ended');
      if (cause !== 'removed')
        happened({ operation: 'probe.ended', targets: [id, probe.service], details: { cause } });
    }
    fleet.refresh(probe.service);
    news.ring();
  }

  async #endExpired(): Promise<void> {
    const now = Date.now();
    const expired = [...this.#active.values()].filter((probe) => probe.expiresAt <= now);
    for (const probe of expired) await this.#end(probe.id, 'expired');
    this.#scheduleExpiry();
  }

  /** @param earliestMs from now on */
  #scheduleExpiry(earliestMs = 0): void {
    clearTimeout(this.#expiry);
    const next = Math.min(...Array.from(this.#active.values(), (probe) => probe.expiresAt));
    if (next === Infinity || this.#stopping.signal.aborted) return;
    const expire = (): void => {
      this.#expiring = this.#endExpired().catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'expiry failed');
        this.#scheduleExpiry(EXPIRE_AGAIN_MS);
      });
    };
    const restMs = Math.min(next - Date.now(), LONGEST_TIMER_MS);
    this.#expiry = setTimeout(expire, Math.max(earliestMs, restMs));
  }
}

/** How a probe ended in a process that has decided, has had all hits that are for each, or has given it up; nothing where it goes on. */
function overBy({ hitsOf }: ProbeDefinition, cause: DisarmCause | undefined): EndCause | undefined {
  if (cause === 'verdict' || (cause === 'hitLimit' && hitsOf === 'each')) return cause;
  return FAILURES.has(cause) ? 'error' : undefined;
}

const notFound = (id: string): CollectorError =>
  new CollectorError('NOT_FOUND', `There is no probe ${id}. GET /probes lists them.`);

const isOver = (id: string): CollectorError =>
  new CollectorError('ENDED', `${id} has ended. POST /probes/${id}/duplicate places it once more.`);
