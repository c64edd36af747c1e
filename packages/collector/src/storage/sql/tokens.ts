import type { TokenStore } from '../contract/tokens.js';
import type { Database } from './engine.js';

export const sqlTokens = (db: Database): TokenStore => ({
  async hashOf(role) {
    const row = await db.selectFrom('tokens').select('hash').where('role', '=', role).executeTakeFirst();
    return row && Buffer.from(row.hash, 'hex');
  },

  async save(role, hash) {
    const row = { hash: hash.toString('hex'), created_at: Date.now() };
    await db
      .insertInto('tokens')
      .values({ role, ...row })
      .onConflict((conflict) => conflict.column('role').doUpdateSet(row))
      .execute();
  },
});
