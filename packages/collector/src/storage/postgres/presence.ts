import type { AgentIdentity } from '@dormouse/protocol';
import { sql } from 'kysely';
import { LEASE_MS, type PresenceStore, type PresentAgent } from '../contract/presence.js';
import { AGENTS_AT_ONCE, lastOfEach, saveAgents } from '../sql/agents.js';
import type { Engine, Queries } from '../sql/engine.js';
import { together } from '../sql/together.js';

/** ms since 1970 by the database's clock, the only one that all collectors share. */
const now = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** Who comes to this collector, or goes from it. */
type Move = PresentAgent & { readonly isHere: boolean };

/** @param collector this one's id, unlike every other's */
export function postgresPresence(
  { db, announce }: Pick<Engine, 'db' | 'announce'>,
  collector: string,
): PresenceStore {
  const move = together({
    async work(moves: readonly Move[]) {
      const last = lastOfEach(moves);
      await db.transaction().execute(async (transaction) => {
        await attach(
          transaction,
          last.filter(({ isHere }) => isHere),
        );
        for (const agent of last) if (!agent.isHere) await detach(transaction, agent);
        await announce(transaction, 'agents');
      });
      return [];
    },
    most: AGENTS_AT_ONCE,
  });

  async function attach(transaction: Queries, agents: readonly PresentAgent[]): Promise<void> {
    if (agents.length === 0) return;
    await saveAgents(transaction, agents);
    await transaction
      .updateTable('agents')
      .set({ collector })
      .where(
        'instance',
        'in',
        agents.map(({ identity }) => identity.instance),
      )
      .execute();
  }

  const detach = (transaction: Queries, { identity, lastSeen }: PresentAgent): Promise<unknown> =>
    transaction
      .updateTable('agents')
      .set({ collector: null, last_seen: lastSeen })
      .where('instance', '=', identity.instance)
      .where('collector', '=', collector)
      .execute();

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

    attach: ({ identity, lastSeen }) => move({ identity, lastSeen, isHere: true }),

    detach: ({ identity, lastSeen }) => move({ identity, lastSeen, isHere: false }),

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
