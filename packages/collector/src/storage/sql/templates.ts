import type { StoredTemplate, TemplateStore } from '../contract/templates.js';
import type { Database } from './engine.js';

export const sqlTemplates = (db: Database): TemplateStore => ({
  save: (template, after) =>
    db.transaction().execute(async (transaction) => {
      const latest = await transaction
        .selectFrom('templates')
        .select('version')
        .where('name', '=', template.name)
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst();
      if ((latest?.version ?? 0) !== after) return undefined;
      const stored = { ...template, version: after + 1 };
      const rows = await transaction
        .insertInto('templates')
        .values({ name: stored.name, version: stored.version, body: JSON.stringify(stored) })
        .onConflict((conflict) => conflict.columns(['name', 'version']).doNothing())
        .returning('version')
        .execute();
      return rows.length === 0 ? undefined : stored;
    }),

  async find(name, version) {
    let query = db
      .selectFrom('templates')
      .select('body')
      .where('name', '=', name)
      .orderBy('version', 'desc')
      .limit(1);
    if (version !== undefined) query = query.where('version', '=', version);
    const row = await query.executeTakeFirst();
    return row && (JSON.parse(row.body) as StoredTemplate);
  },

  async list() {
    const rows = await db
      .selectFrom('templates')
      .select(['name', 'body'])
      .orderBy('name')
      .orderBy('version')
      .execute();
    const latest = new Map(rows.map(({ name, body }) => [name, body]));
    return Array.from(latest.values(), (body) => JSON.parse(body) as StoredTemplate);
  },

  async delete(name) {
    await db.deleteFrom('templates').where('name', '=', name).execute();
  },
});
