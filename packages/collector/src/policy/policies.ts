import { isDeepStrictEqual } from 'node:util';
import {
  LIMITS,
  type AgentIdentity,
  type AgentView,
  type KillSwitchRequest,
  type KillView,
  type PolicyMessage,
  type PolicyProcesses,
  type PolicyProcessView,
  type PolicyRequest,
  type PolicyView,
} from '@dormouse/protocol';
import type { Fleet, LiveAgent } from '../agents/fleet.js';
import { buildIds } from '../builds/candidates.js';
import type { Builds } from '../builds/builds.js';
import { CollectorError } from '../collector-error.js';
import type { Log } from '../log.js';
import { requireService } from '../services/services.js';
import type { Storage } from '../storage/contract/storage.js';
import type { Bell } from '../stream/bell.js';
import { checkRedaction, checkTogether } from './check.js';
import { emptyPolicy, join, widthOf, type JointPolicy, type Policy } from './policy.js';
import { placingRules, type PlacingRules } from './rules.js';
import { EVERYTHING, isIn, keyOf, nameOf, type PolicyScope } from './scope.js';
import { unmatched } from './unmatched.js';

/** What the policies need from the rest of the collector. */
export interface PoliciesOptions {
  readonly storage: Storage;
  readonly builds: Builds;
  readonly fleet: Fleet;
  readonly news: Bell;
  readonly log: Log;
}

/**
 * What may not be probed, is never shown, and is switched off: of everything, of services, of pools, of processes. All of them are in
 * the database, and here, ready for the agents. The database is always written first.
 */
export class Policies {
  readonly #options: PoliciesOptions;
  #known = new Map<string, Policy>();
  /** What holds for services, joined when it is first asked for. */
  #joint = new Map<string, JointPolicy>();
  #narrowOnes: readonly Policy[] | undefined;
  /** Changes follow each other: each is made of what the one before it left. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: PoliciesOptions) {
    this.#options = options;
  }

  /** Takes up what was wanted before. */
  async start(): Promise<void> {
    await this.#forgetGone();
    await this.reload();
  }

  /** Reads again what another collector on the same database may have changed, and tells the agents. */
  reload(): Promise<void> {
    return this.#inTurn(() => this.#reloadNow());
  }

  /** What holds for a process. */
  for(agent: AgentIdentity): JointPolicy {
    const { service } = agent;
    const own = this.#narrow().filter(({ scope }) => isIn(scope, agent));
    return own.length === 0
      ? this.#ofService(service)
      : join([this.#of(EVERYTHING), this.#of({ service }), ...own]);
  }

  /** As its process is told of it. */
  messageFor(agent: AgentIdentity): PolicyMessage {
    const { revision, killed, deny, redaction, limits } = this.for(agent);
    return {
      type: 'policy',
      revision,
      killed: killed !== undefined,
      ...(killed?.reason !== undefined && { reason: killed.reason }),
      deny,
      redaction,
      limits,
    };
  }

  /** What holds for the probes of a service, wherever they are placed. */
  placingIn(service: string): PlacingRules {
    return placingRules(this.#ofService(service));
  }

  /** Whose kill switch keeps the probes of a service from being armed, if any does. */
  killOf(service: string): KillView | undefined {
    return this.#ofService(service).killed;
  }

  /** @throws {CollectorError} SWITCHED_OFF */
  requireSwitchedOn(service: string): void {
    const killed = this.killOf(service);
    if (killed === undefined) return;
    const what = killed.by === 'everything' ? 'All probes are' : `The probes of ${service} are`;
    const since = new Date(killed.since ?? 0).toISOString();
    throw new CollectorError(
      'SWITCHED_OFF',
      `${what} switched off since ${since}: ${killed.reason}. PUT /kill-switch switches them on again.`,
    );
  }

  /** How a connected process stands. */
  viewAgent(agent: LiveAgent): Pick<AgentView, 'policy' | 'pause' | 'killed'> {
    const { policy = { revision: 0 }, pause } = agent.standing;
    const { revision, killed } = this.for(agent.identity);
    const switchedOff: KillView | undefined = policy.killed ? { by: 'process' } : killed;
    return {
      policy: { ...policy, wanted: revision },
      ...(pause !== undefined && { pause }),
      ...(switchedOff !== undefined && { killed: switchedOff }),
    };
  }

  /** Everything first, then services, then pools, then processes. */
  async views(): Promise<PolicyView[]> {
    const services = [...this.#known.values()].filter(({ scope }) => widthOf(scope) === 'service');
    const policies = [this.#of(EVERYTHING), ...services.toSorted(byName), ...this.#narrow()];
    return Promise.all(policies.map((policy) => this.#view(policy)));
  }

  /** @throws {CollectorError} UNKNOWN_SERVICE */
  async view(scope: PolicyScope): Promise<PolicyView> {
    await this.#requireScope(scope);
    return this.#view(this.#of(scope));
  }

  /**
   * Replaces all of a policy but its kill switch.
   * @throws {CollectorError} UNKNOWN_SERVICE, INVALID_REQUEST, LIMIT_EXCEEDED, CONFLICT
   */
  async put(scope: PolicyScope, request: PolicyRequest): Promise<PolicyView> {
    await this.#requireScope(scope);
    const { deny = [], limits = {} } = request;
    const redaction = checkRedaction(request.redaction ?? {});
    return this.#change(scope, (policy) => {
      requireRevision(policy, request.revision);
      return { ...policy, deny: [...new Set(deny)], redaction, limits };
    });
  }

  /** @throws {CollectorError} UNKNOWN_SERVICE, NOT_FOUND, INVALID_REQUEST */
  async switch({ on, reason, service, instance, pool }: KillSwitchRequest): Promise<PolicyView> {
    if (instance !== undefined && pool !== undefined)
      throw new CollectorError('INVALID_REQUEST', 'Either a process or a pool.', { path: 'pool' });
    const scope =
      instance === undefined
        ? { ...(service !== undefined && { service }), ...(pool !== undefined && { pool }) }
        : await this.#scopeOf(instance, service);
    await this.#requireScope(scope);
    if (on && reason === undefined) {
      throw new CollectorError('INVALID_REQUEST', 'To switch probes off, say why: others will ask.', {
        path: 'reason',
      });
    }
    return this.#change(scope, ({ kill, ...policy }) => {
      if (!on || reason === undefined) return policy;
      return { ...policy, kill: { reason, since: kill?.since ?? Date.now() } };
    });
  }

  async #reloadNow(): Promise<void> {
    const policies = await this.#options.storage.policies.list();
    const known = new Map(policies.map((policy) => [keyOf(policy.scope), policy]));
    if (isDeepStrictEqual(known, this.#known)) return;
    this.#known = known;
    this.#forgetJoint();
    this.#options.fleet.refresh();
  }

  /** Of processes that retention has forgotten. */
  async #forgetGone(): Promise<void> {
    const { policies, agents } = this.#options.storage;
    const known = new Set((await agents.list()).map(({ identity }) => identity.instance));
    const scopes = (await policies.list()).map(({ scope }) => scope);
    await policies.delete(scopes.filter(({ instance }) => instance !== undefined && !known.has(instance)));
  }

  #forgetJoint(): void {
    this.#joint.clear();
    this.#narrowOnes = undefined;
  }

  /** Those of pools, and then those of processes. */
  #narrow(): readonly Policy[] {
    const ofWidth = (width: KillView['by']): Policy[] =>
      [...this.#known.values()].filter(({ scope }) => widthOf(scope) === width).toSorted(byName);
    this.#narrowOnes ??= [...ofWidth('pool'), ...ofWidth('instance')];
    return this.#narrowOnes;
  }

  #of(scope: PolicyScope): Policy {
    return this.#known.get(keyOf(scope)) ?? emptyPolicy(scope);
  }

  #ofService(service: string): JointPolicy {
    const joint = this.#joint.get(service) ?? join([this.#of(EVERYTHING), this.#of({ service })]);
    this.#joint.set(service, joint);
    return joint;
  }

  async #change(scope: PolicyScope, change: (policy: Policy) => Policy): Promise<PolicyView> {
    return this.#view(await this.#inTurn(() => this.#changeNow(scope, change)));
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#changing.then(work);
    this.#changing = done.catch(() => {});
    return done;
  }

  /** Another collector on the same storage may have changed it, too: then it is read and changed again. */
  async #changeNow(scope: PolicyScope, change: (policy: Policy) => Policy): Promise<Policy> {
    const { storage, fleet, news, log } = this.#options;
    const wanted = change(this.#of(scope));
    this.#checkTogether(wanted);
    const policy = await storage.policies.save(wanted);
    if (policy === undefined) {
      await this.#reloadNow();
      return this.#changeNow(scope, change);
    }
    this.#known.set(keyOf(scope), policy);
    this.#forgetJoint();
    log.info({ ...scope, revision: policy.revision, killed: policy.kill?.reason }, 'policy changed');
    fleet.refresh(scope.service);
    news.ring();
    return policy;
  }

  #checkTogether(wanted: Policy): void {
    const everything = this.#of(EVERYTHING);
    if (widthOf(wanted.scope) !== 'everything') {
      checkTogether(join([everything, wanted]), `everything and ${nameOf(wanted.scope)}`);
      return;
    }
    for (const policy of this.#known.values()) {
      if (widthOf(policy.scope) === 'everything') continue;
      checkTogether(join([wanted, policy]), `everything and ${nameOf(policy.scope)}`);
    }
  }

  async #requireScope({ service }: PolicyScope): Promise<void> {
    if (service !== undefined) await requireService(this.#options.storage, service);
  }

  /** @throws {CollectorError} NOT_FOUND */
  async #scopeOf(instance: string, service: string | undefined): Promise<PolicyScope> {
    const agents = await this.#options.fleet.views();
    const agent = agents.find((candidate) => candidate.instance === instance);
    if (agent !== undefined && (service ?? agent.service) === agent.service) {
      return { service: agent.service, instance };
    }
    const where = service === undefined ? '' : ` of ${service}`;
    throw new CollectorError(
      'NOT_FOUND',
      `There is no process ${instance}${where}. GET /services lists them.`,
      {
        path: 'instance',
      },
    );
  }

  async #view({ scope, ...policy }: Policy): Promise<PolicyView> {
    const agents = this.#options.fleet.live(scope.service).filter(({ identity }) => isIn(scope, identity));
    const { builds } = this.#options;
    const ids = policy.deny.length === 0 ? [] : buildIds(agents.map(({ identity }) => identity));
    const loaded = await Promise.all(ids.map((id) => builds.load(id)));
    return {
      ...scope,
      ...policy,
      unmatched: unmatched(
        policy.deny,
        loaded.filter((build) => build !== undefined),
      ),
      processes: this.#viewProcesses(agents),
    };
  }

  #viewProcesses(agents: readonly LiveAgent[]): PolicyProcesses {
    const behind = agents.filter((agent) => !this.#isCurrent(agent));
    return {
      connected: agents.length,
      current: agents.length - behind.length,
      behind: behind.slice(0, LIMITS.policyProcesses).map(viewProcess),
    };
  }

  #isCurrent({ identity, standing: { policy } }: LiveAgent): boolean {
    return (policy?.revision ?? 0) === this.for(identity).revision && policy?.problem === undefined;
  }
}

const viewProcess = ({ identity, standing }: LiveAgent): PolicyProcessView => ({
  instance: identity.instance,
  service: identity.service,
  ...(standing.policy ?? { revision: 0 }),
});

const byName = ({ scope: a }: Policy, { scope: b }: Policy): number => (nameOf(a) < nameOf(b) ? -1 : 1);

function requireRevision(policy: Policy, revision: number | undefined): void {
  if (revision === undefined || revision === policy.revision) return;
  throw new CollectorError(
    'CONFLICT',
    `The policy of ${nameOf(policy.scope)} has changed: this is about revision ${revision}, and now it is ${policy.revision}. Read it again.`,
    { path: 'revision' },
  );
}
