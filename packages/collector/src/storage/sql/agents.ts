import type { AgentIdentity } from '@dormouse/protocol';
import type { Insertable } from 'kysely';
import type { AgentStore, StoredAgent } from '../contract/agents.js';
import type { Database, Queries } from './engine.js';
import type { AgentTable } from './tables.js';

/** Rows of one statement: bounded by the parameters that databases take. */
const CHUNK = 500;

/** Processes that come or go in one transaction: after a restart all come at once. */
export const AGENTS_AT_ONCE = 500;

export const sqlAgents = (db: Database): AgentStore => ({
  save: (agents) => db.transaction().execute((transaction) => saveAgents(transaction, agents)),

  async find(instances) {
    if (instances.length === 0) return [];
    const rows = await db
      .selectFrom('agents')
      .select('identity')
      .where('instance', 'in', instances)
      .execute();
    return rows.map(({ identity }) => JSON.parse(identity) as AgentIdentity);
  },

  async list() {
    const rows = await db.selectFrom('agents').selectAll().orderBy('last_seen', 'desc').execute();
    return rows.map((row) => ({
      identity: JSON.parse(row.identity) as AgentIdentity,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
    }));
  },
});

/** Notes who they are now and when they were heard of; the first time stays. */
export async function saveAgents(
  transaction: Queries,
  agents: readonly Omit<StoredAgent, 'firstSeen'>[],
): Promise<void> {
  // In one order, so that two who save the same ones do not wait for each other.
  const ordered = agents.toSorted((a, b) => (a.identity.instance < b.identity.instance ? -1 : 1));
  for (let start = 0; start < ordered.length; start += CHUNK) {
    await transaction
      .insertInto('agents')
      .values(ordered.slice(start, start + CHUNK).map(asRow))
      .onConflict((conflict) =>
        conflict.column('instance').doUpdateSet((column) => ({
          service: column.ref('excluded.service'),
          identity: column.ref('excluded.identity'),
          last_seen: column.ref('excluded.last_seen'),
        })),
      )
      .execute();
  }
}

const asRow = ({ identity, lastSeen }: Omit<StoredAgent, 'firstSeen'>): Insertable<AgentTable> => ({
  instance: identity.instance,
  service: identity.service,
  identity: JSON.stringify(identity),
  first_seen: lastSeen,
  last_seen: lastSeen,
});

/** Who came and went, and came again, is as he was last. */
export const lastOfEach = <Agent extends Pick<StoredAgent, 'identity'>>(
  agents: readonly Agent[],
): Agent[] => [...new Map(agents.map((agent) => [agent.identity.instance, agent])).values()];
