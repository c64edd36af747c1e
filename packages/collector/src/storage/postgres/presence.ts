import type { AgentIdentity } from '@dormouse/protocol';
import { sql } from 'kysely';
import { LEASE_MS, type PresenceStore } from '../contract/presence.js';
import { saveAgents } from '../sql/agents.js';
import type { Engine } from '../sql/engine.js';

/** ms since 1970 by the database's clock, the only one that all collectors share. */
const now = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** @param collector this one's id, unlike every other's */
export function postgresPresence(
  { db, announce }: Pick<Engine, 'db' | 'announce'>,
  collector: string,
): PresenceStore {
  return {
    async renew() {
      const alive_until = sql<number>`${now} + ${sql.lit(LEASE_MS)}`;
      await db
        .insertInto('collectors')
        .values({ id: collector, alive_until })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ alive_until }))
        .execute();
      await db
        .deleteFrom('collectors')
        .where('alive_until', '<', sql<number>`${now} - ${sql.lit(LEASE_MS)}`)
        .execute();
    },

    attach: (agent) =>
      db.transaction().execute(async (transaction) => {
        await saveAgents(transaction, [agent]);
        await transaction
          .updateTable('agents')
          .set({ collector })
          .where('instance', '=', agent.identity.instance)
          .execute();
        await announce(transaction, 'agents');
      }),

    detach: ({ identity, lastSeen }) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('agents')
          .set({ collector: null, last_seen: lastSeen })
          .where('instance', '=', identity.instance)
          .where('collector', '=', collector)
          .execute();
        await announce(transaction, 'agents');
      }),

    async elsewhere() {
      const rows = await db
        .selectFrom('agents')
        .innerJoin('collectors', 'collectors.id', 'agents.collector')
        .select('identity')
        .where('collectors.id', '!=', collector)
        .where('alive_until', '>', now)
        .orderBy('instance')
        .execute();
      return rows.map(({ identity }) => JSON.parse(identity) as AgentIdentity);
    },

    async lead(duty) {
      const alive = db.selectFrom('collectors').select('id').where('alive_until', '>', now);
      const taken = await db
        .insertInto('duties')
        .values({ name: duty, collector })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ collector })
            .where((is) =>
              is.or([is('duties.collector', '=', collector), is('duties.collector', 'not in', alive)]),
            ),
        )
        .returning('name')
        .executeTakeFirst();
      return taken !== undefined;
    },

    async leave() {
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('collectors').where('id', '=', collector).execute();
        await announce(transaction, 'agents');
      });
    },
  };
}
