import type { AgentIdentity, AgentView, StatusMessage } from '@dormouse/protocol';
import type { AgentStore, StoredAgent } from '../storage/contract/agents.js';

/** A connected process, as the rest of the collector sees it. */
export interface LiveAgent {
  readonly identity: AgentIdentity;
  readonly lastSeen: number;
  /** The probes it was last told to arm. */
  readonly told: ReadonlySet<string>;
  /** What it said last of itself. */
  readonly standing: AgentStanding;
  /** Tells it the policy and the probes it should have now, if they have changed. */
  refresh(): void;
  close(code: number, reason: string): void;
}

export type AgentStanding = Pick<StatusMessage, 'policy' | 'pause'>;

/** Who is connected now, and who ever was. */
export class Fleet {
  readonly #store: AgentStore;
  /** By instance; the one that connected last comes last. */
  readonly #live = new Map<string, LiveAgent>();

  constructor(store: AgentStore) {
    this.#store = store;
  }

  /** A process that connects again before its old connection is known to be lost replaces it. */
  async join(agent: LiveAgent): Promise<void> {
    const { instance } = agent.identity;
    const former = this.#live.get(instance);
    this.#live.delete(instance);
    this.#live.set(instance, agent);
    former?.close(1008, 'replaced by a newer connection of the same instance');
    await this.#store.save([agent]);
  }

  /** Writes down what has changed in an agent's identity. */
  async update(agent: LiveAgent): Promise<void> {
    await this.#store.save([agent]);
  }

  async leave(agent: LiveAgent): Promise<void> {
    const { instance } = agent.identity;
    if (this.#live.get(instance) !== agent) return;
    this.#live.delete(instance);
    await this.#store.save([agent]);
  }

  /** Connected processes, of one service or all, newest connection first. */
  live(service?: string): LiveAgent[] {
    const agents = [...this.#live.values()].reverse();
    return service === undefined ? agents : agents.filter((agent) => agent.identity.service === service);
  }

  /** Of one service, or all. */
  refresh(service?: string): void {
    for (const agent of this.live(service)) agent.refresh();
  }

  /** The process, if it is connected. */
  find(instance: string): LiveAgent | undefined {
    return this.#live.get(instance);
  }

  /** Writes down when the connected ones were last heard of, so that a crash loses little of it. */
  async saveLastSeen(): Promise<void> {
    await this.#store.save(this.live());
  }

  /** Everybody, heard of last first. */
  async views(): Promise<AgentView[]> {
    const agents = await this.#store.list();
    return agents.map((agent) => this.#view(agent)).sort((a, b) => b.lastSeen - a.lastSeen);
  }

  #view({ identity, firstSeen, lastSeen }: StoredAgent): AgentView {
    const live = this.#live.get(identity.instance);
    return {
      ...identity,
      connected: live !== undefined,
      firstSeen,
      lastSeen: live?.lastSeen ?? lastSeen,
    };
  }
}
