import type { Selectable } from 'kysely';
import type { Delivery, StoredWebhook, WebhookStore } from '../contract/webhooks.js';
import type { Database, Queries } from './engine.js';
import type { Tables } from './tables.js';

type DeliveryRow = Selectable<Tables['webhook_deliveries']>;

export const sqlWebhooks = (db: Database): WebhookStore => ({
  async list() {
    const rows = await db
      .selectFrom('webhooks')
      .select('webhook')
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(({ webhook }) => JSON.parse(webhook) as StoredWebhook);
  },

  async insert(webhook) {
    await db
      .insertInto('webhooks')
      .values({ id: webhook.id, created_at: webhook.createdAt, webhook: JSON.stringify(webhook) })
      .execute();
  },

  update: (id, change) =>
    db.transaction().execute(async (transaction) => {
      const row = await transaction
        .selectFrom('webhooks')
        .select('webhook')
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return false;
      const webhook = JSON.stringify({ ...(JSON.parse(row.webhook) as StoredWebhook), ...change });
      await transaction.updateTable('webhooks').set({ webhook }).where('id', '=', id).execute();
      return true;
    }),

  delete: (id) =>
    db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('webhook_deliveries').where('webhook', '=', id).execute();
      await transaction.deleteFrom('webhooks').where('id', '=', id).execute();
    }),

  enqueue: (deliveries, most) =>
    db.transaction().execute(async (transaction) => {
      const room = await roomOf(transaction, most);
      const dropped = new Map<string, number>();
      for (const delivery of deliveries) {
        const { webhook } = delivery;
        const left = room.get(webhook) ?? most;
        if (left > 0) {
          if (await insertNew(transaction, delivery)) room.set(webhook, left - 1);
        } else dropped.set(webhook, (dropped.get(webhook) ?? 0) + 1);
      }
      return dropped;
    }),

  async due(now, limit, except) {
    let query = db
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('state', '=', 'waiting')
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .orderBy('created_at')
      .limit(limit);
    if (except.length > 0) query = query.where('webhook', 'not in', except);
    return (await query.execute()).map(asDelivery);
  },

  async settle({ webhook, event, attempts, state, dueAt, outcome }) {
    await db
      .updateTable('webhook_deliveries')
      .set({ attempts, state, due_at: dueAt, outcome: outcome ?? null })
      .where('webhook', '=', webhook)
      .where('event', '=', event)
      .execute();
  },

  async deliveries(webhook, limit) {
    const rows = await db
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('webhook', '=', webhook)
      .orderBy('created_at', 'desc')
      .orderBy('event')
      .limit(limit)
      .execute();
    return rows.map(asDelivery);
  },

  async deleteSettled(before) {
    await db
      .deleteFrom('webhook_deliveries')
      .where('state', '!=', 'waiting')
      .where('created_at', '<', before)
      .execute();
  },
});

/** How many more may wait, of the webhooks for which some wait already. */
async function roomOf(queries: Queries, most: number): Promise<Map<string, number>> {
  const rows = await queries
    .selectFrom('webhook_deliveries')
    .select(({ fn }) => ['webhook', fn.countAll<number>().as('waiting')])
    .where('state', '=', 'waiting')
    .groupBy('webhook')
    .execute();
  return new Map(rows.map(({ webhook, waiting }) => [webhook, most - Number(waiting)]));
}

/** @returns whether it was new */
async function insertNew(
  queries: Queries,
  { createdAt, dueAt, outcome, ...rest }: Delivery,
): Promise<boolean> {
  const rows = await queries
    .insertInto('webhook_deliveries')
    .values({ ...rest, created_at: createdAt, due_at: dueAt, outcome: outcome ?? null })
    .onConflict((conflict) => conflict.columns(['webhook', 'event']).doNothing())
    .returning('event')
    .execute();
  return rows.length > 0;
}

function asDelivery({ created_at, due_at, outcome, ...row }: DeliveryRow): Delivery {
  const { webhook, event, type, body, attempts, state } = row;
  return {
    webhook,
    event,
    type,
    createdAt: created_at,
    body,
    attempts,
    state,
    dueAt: due_at,
    ...(outcome !== null && { outcome }),
  };
}
