import type { CodeStore } from '../../contract/directory/codes.js';
import type { DirectoryEngine } from './engine.js';

export const sqlCodes = ({ db }: DirectoryEngine): CodeStore => ({
  async insert({ purpose, content, endsAt }, hash) {
    await db
      .insertInto('codes')
      .values({ hash: hash.toString('hex'), purpose, content, ends_at: endsAt })
      .execute();
  },

  async find(purpose, hash, now) {
    const row = await db
      .selectFrom('codes')
      .select(['content', 'ends_at'])
      .where('hash', '=', hash.toString('hex'))
      .where('purpose', '=', purpose)
      .where('ends_at', '>', now)
      .executeTakeFirst();
    return row && { purpose, content: row.content, endsAt: row.ends_at };
  },

  async take(purpose, hash, now) {
    const row = await db
      .deleteFrom('codes')
      .where('hash', '=', hash.toString('hex'))
      .where('purpose', '=', purpose)
      .where('ends_at', '>', now)
      .returning(['content', 'ends_at'])
      .executeTakeFirst();
    return row && { purpose, content: row.content, endsAt: row.ends_at };
  },

  async deleteOld(now) {
    await db.deleteFrom('codes').where('ends_at', '<=', now).execute();
  },
});
