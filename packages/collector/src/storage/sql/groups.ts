import type { GroupStore, StoredGroup } from '../contract/groups.js';
import type { Database } from './engine.js';

export const sqlGroups = (db: Database): GroupStore => ({
  async save(group) {
    const { id, createdBy = null, createdAt, endedAt, expiresAt } = group;
    const change = { over_at: endedAt ?? expiresAt, body: JSON.stringify(group) };
    await db
      .insertInto('probe_groups')
      .values({ id, created_at: createdAt, created_by: createdBy, ...change })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
      .execute();
  },

  async find(id) {
    const row = await db.selectFrom('probe_groups').select('body').where('id', '=', id).executeTakeFirst();
    return row && (JSON.parse(row.body) as StoredGroup);
  },

  async list(limit, state, onlooker) {
    let query = db.selectFrom('probe_groups').select('body').orderBy('created_at', 'desc').limit(limit);
    if (state !== undefined) query = query.where('over_at', state.is === 'active' ? '>' : '<=', state.at);
    if (onlooker !== undefined) {
      const { who, services } = onlooker;
      query = query.where((group) =>
        group.or([
          group('created_by', '=', who),
          ...(services.length === 0 ? [] : [group('id', 'in', groupsOf(db, services))]),
        ]),
      );
    }
    const rows = await query.execute();
    return rows.map(({ body }) => JSON.parse(body) as StoredGroup);
  },
});

const groupsOf = (db: Database, services: readonly string[]) =>
  db
    .selectFrom('probes')
    .select('group_id')
    .where('service', 'in', services)
    .where('group_id', 'is not', null)
    .$narrowType<{ group_id: string }>();
