import type { AgentIdentity } from '@dormouse/protocol';
import type { AgentStore } from '../contract/agents.js';
import type { Database } from './engine.js';

/** Rows of one statement: bounded by the parameters that databases take. */
const CHUNK = 500;

export const sqlAgents = (db: Database): AgentStore => ({
  async save(agents) {
    // In one order, so that two who save the same ones do not wait for each other.
    const ordered = agents.toSorted((a, b) => (a.identity.instance < b.identity.instance ? -1 : 1));
    const rows = ordered.map(({ identity, lastSeen }) => ({
      instance: identity.instance,
      service: identity.service,
      identity: JSON.stringify(identity),
      first_seen: lastSeen,
      last_seen: lastSeen,
    }));
    if (rows.length === 0) return;
    await db.transaction().execute(async (transaction) => {
      for (let start = 0; start < rows.length; start += CHUNK) {
        await transaction
          .insertInto('agents')
          .values(rows.slice(start, start + CHUNK))
          .onConflict((conflict) =>
            conflict.column('instance').doUpdateSet((column) => ({
              service: column.ref('excluded.service'),
              identity: column.ref('excluded.identity'),
              last_seen: column.ref('excluded.last_seen'),
            })),
          )
          .execute();
      }
    });
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
