import type { GroupStore, StoredGroup } from '../contract/groups.js';
import type { Database } from './engine.js';

export const sqlGroups = (db: Database): GroupStore => ({
  async save(group) {
    const { id, createdAt, endedAt, expiresAt } = group;
    const change = { over_at: endedAt ?? expiresAt, body: JSON.stringify(group) };
    await db
      .insertInto('probe_groups')
      .values({ id, created_at: createdAt, ...change })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
      .execute();
  },

  async find(id) {
    const row = await db.selectFrom('probe_groups').select('body').where('id', '=', id).executeTakeFirst();
    return row && (JSON.parse(row.body) as StoredGroup);
  },

  async list(limit, state) {
    const newest = db.selectFrom('probe_groups').select('body').orderBy('created_at', 'desc').limit(limit);
    const wanted = state && newest.where('over_at', state.is === 'active' ? '>' : '<=', state.at);
    const rows = await (wanted ?? newest).execute();
    return rows.map(({ body }) => JSON.parse(body) as StoredGroup);
  },
});
