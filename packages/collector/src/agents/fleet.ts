import { isDeepStrictEqual } from 'node:util';
import type { AgentIdentity, AgentView, ProbeReport, StatusMessage } from '@dormouse/protocol';
import type { StoredAgent } from '../storage/contract/agents.js';
import type { Storage } from '../storage/contract/storage.js';
import { CLOSE } from './closing.js';

/** A connected process, as the rest of the collector sees it. */
export interface LiveAgent {
  readonly identity: AgentIdentity;
  readonly lastSeen: number;
  /** The probes it was last told to arm. */
  readonly told: ReadonlySet<string>;
  /** What it said last of itself. */
  readonly standing: AgentStanding;
  /** What it said last of each probe that it was told of, as far as it has said anything. */
  readonly reports: readonly ProbeReport[];
  /** Tells it the policy and the probes it should have now, if they have changed. */
  refresh(): void;
  close(code: number, reason: string): void;
}

export type AgentStanding = Pick<StatusMessage, 'policy' | 'pause' | 'budget'>;

const REPLACED = 'replaced by a newer connection of the same instance';

/** Who is connected now, and who ever was. */
export class Fleet {
  readonly #storage: Pick<Storage, 'agents' | 'presence'>;
  /** By instance; the one that connected last comes last. */
  readonly #live = new Map<string, LiveAgent>();
  /** By instance: the connection that came last, also while it is still being written down. */
  readonly #newest = new Map<string, LiveAgent>();
  /** Those of other collectors, by instance. */
  #elsewhere: ReadonlyMap<string, AgentIdentity> = new Map();

  constructor(storage: Pick<Storage, 'agents' | 'presence'>) {
    this.#storage = storage;
  }

  /** A process that connects again before its old connection is known to be lost replaces it. */
  async join(agent: LiveAgent): Promise<void> {
    const { instance } = agent.identity;
    this.#newest.set(instance, agent);
    await this.#storage.presence.attach(agent);
    const former = this.#live.get(instance);
    this.#live.delete(instance);
    this.#live.set(instance, agent);
    former?.close(CLOSE.policy, REPLACED);
  }

  /** Writes down what has changed in an agent's identity. */
  async update(agent: LiveAgent): Promise<void> {
    await this.#storage.presence.attach(agent);
  }

  /** A connection that was replaced takes nothing along. */
  async leave(agent: LiveAgent): Promise<void> {
    const { instance } = agent.identity;
    if (this.#live.get(instance) === agent) this.#live.delete(instance);
    if (this.#newest.get(instance) !== agent) return;
    this.#newest.delete(instance);
    await this.#storage.presence.detach(agent);
  }

  /**
   * Learns which processes are connected to other collectors; one that was here and is there now is let go.
   * @returns the services that other processes have than before
   */
  async follow(): Promise<ReadonlySet<string>> {
    const before = this.#elsewhere;
    const here = [...this.#live.values()];
    const identities = await this.#storage.presence.elsewhere();
    this.#elsewhere = new Map(identities.map((identity) => [identity.instance, identity]));
    for (const agent of here) {
      if (this.#elsewhere.has(agent.identity.instance)) agent.close(CLOSE.policy, REPLACED);
    }
    return new Set([
      ...servicesOfOthers(this.#elsewhere, before),
      ...servicesOfOthers(before, this.#elsewhere),
    ]);
  }

  /** All connected processes, here and at other collectors: those here first, newest connection first. */
  identities(service: string): AgentIdentity[] {
    const here = this.live(service).map((agent) => agent.identity);
    const elsewhere = [...this.#elsewhere.values()].filter(
      (identity) => identity.service === service && !this.#live.has(identity.instance),
    );
    return [...here, ...elsewhere];
  }

  /** How many processes are connected to other collectors. */
  get elsewhere(): number {
    return this.#elsewhere.size;
  }

  /** Processes connected to this collector, of one service or all, newest connection first. */
  live(service?: string): LiveAgent[] {
    const agents = [...this.#live.values()].reverse();
    return service === undefined ? agents : agents.filter((agent) => agent.identity.service === service);
  }

  /** Of one service, or all. */
  refresh(service?: string): void {
    for (const agent of this.live(service)) agent.refresh();
  }

  /** Those of some processes that are connected to this collector. */
  refreshOnly(instances: readonly string[]): void {
    for (const instance of instances) this.find(instance)?.refresh();
  }

  /** The process, if it is connected. */
  find(instance: string): LiveAgent | undefined {
    return this.#live.get(instance);
  }

  /** Writes down when the connected ones were last heard of, so that a crash loses little of it. */
  async saveLastSeen(): Promise<void> {
    await this.#storage.agents.save(this.live());
  }

  /** Everybody, heard of last first. */
  async views(): Promise<AgentView[]> {
    const agents = await this.#storage.agents.list();
    return agents.map((agent) => this.#view(agent)).sort((a, b) => b.lastSeen - a.lastSeen);
  }

  #view({ identity, firstSeen, lastSeen }: StoredAgent): AgentView {
    const live = this.#live.get(identity.instance);
    return {
      ...identity,
      connected: live !== undefined || this.#elsewhere.has(identity.instance),
      firstSeen,
      lastSeen: live?.lastSeen ?? lastSeen,
    };
  }
}

/** Services of processes that are not, or not as they are here, among others. */
const servicesOfOthers = (
  these: ReadonlyMap<string, AgentIdentity>,
  those: ReadonlyMap<string, AgentIdentity>,
): string[] =>
  Array.from(these.values())
    .filter((identity) => !isDeepStrictEqual(identity, those.get(identity.instance)))
    .map((identity) => identity.service);
