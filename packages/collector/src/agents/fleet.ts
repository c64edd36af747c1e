import type { AgentIdentity, AgentView } from '@dormouse/protocol';
import type { Database } from '../storage/database.js';
import type { AgentRow } from '../storage/tables.js';

/** A connected process, as the rest of the collector sees it. */
export interface LiveAgent {
  readonly identity: AgentIdentity;
  readonly lastSeen: number;
  /** The probes it was last told to arm. */
  readonly told: ReadonlySet<string>;
  /** Tells it the probes it should have now, if that has changed. */
  refresh(): void;
  close(code: number, reason: string): void;
}

/** Who is connected now, and who ever was. */
export class Fleet {
  readonly #db: Database;
  /** By instance; the one that connected last comes last. */
  readonly #live = new Map<string, LiveAgent>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** A process that connects again before its old connection is known to be lost replaces it. */
  async join(agent: LiveAgent): Promise<void> {
    const { instance } = agent.identity;
    const former = this.#live.get(instance);
    this.#live.delete(instance);
    this.#live.set(instance, agent);
    former?.close(1008, 'replaced by a newer connection of the same instance');
    await this.#save([agent]);
  }

  /** Writes down what has changed in an agent's identity. */
  async update(agent: LiveAgent): Promise<void> {
    await this.#save([agent]);
  }

  async leave(agent: LiveAgent): Promise<void> {
    const { instance } = agent.identity;
    if (this.#live.get(instance) !== agent) return;
    this.#live.delete(instance);
    await this.#save([agent]);
  }

  /** Connected processes, of one service or all, newest connection first. */
  live(service?: string): LiveAgent[] {
    const agents = [...this.#live.values()].reverse();
    return service === undefined ? agents : agents.filter((agent) => agent.identity.service === service);
  }

  refresh(service: string): void {
    for (const agent of this.live(service)) agent.refresh();
  }

  /** Writes down when the connected ones were last heard of, so that a crash loses little of it. */
  async saveLastSeen(): Promise<void> {
    await this.#save(this.live());
  }

  /** Everybody, heard of last first. */
  async views(): Promise<AgentView[]> {
    const rows = await this.#db.selectFrom('agents').selectAll().orderBy('last_seen', 'desc').execute();
    return rows.map((row) => this.#view(row)).sort((a, b) => b.lastSeen - a.lastSeen);
  }

  #view(row: AgentRow): AgentView {
    const live = this.#live.get(row.instance);
    return {
      ...(JSON.parse(row.identity) as AgentIdentity),
      connected: live !== undefined,
      firstSeen: row.first_seen,
      lastSeen: live?.lastSeen ?? row.last_seen,
    };
  }

  async #save(agents: readonly LiveAgent[]): Promise<void> {
    for (const { identity, lastSeen } of agents) {
      const row = { service: identity.service, identity: JSON.stringify(identity), last_seen: lastSeen };
      await this.#db
        .insertInto('agents')
        .values({ instance: identity.instance, first_seen: lastSeen, ...row })
        .onConflict((conflict) => conflict.column('instance').doUpdateSet(row))
        .execute();
    }
  }
}
