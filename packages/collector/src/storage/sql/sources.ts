import type { SourceStore } from '../contract/sources.js';
import type { Database } from './engine.js';

/** Hashes asked for in one statement: databases bound the parameters of one. */
const CHUNK = 500;

export const sqlSources = (db: Database): SourceStore => ({
  async save(hash, text) {
    await db
      .insertInto('sources')
      .values({ hash, text })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },

  async text(hash) {
    const row = await db.selectFrom('sources').select('text').where('hash', '=', hash).executeTakeFirst();
    return row?.text;
  },

  async known(hashes) {
    const found = new Set<string>();
    for (let from = 0; from < hashes.length; from += CHUNK) {
      const part = hashes.slice(from, from + CHUNK);
      const rows = await db.selectFrom('sources').select('hash').where('hash', 'in', part).execute();
      for (const { hash } of rows) found.add(hash);
    }
    return found;
  },
});
