import type { Role } from '../../auth/token.js';
import type { TokenStore } from '../contract/tokens.js';
import type { Engine, Queries } from './engine.js';

export const sqlTokens = ({ db, announce }: Engine): TokenStore => ({
  hashOf: (role) => hashOf(db, role),

  saveFirst: (role, hash) =>
    db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('tokens')
        .values({ role, ...asRow(hash) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await hashOf(transaction, role))!;
    }),

  async save(role, hash) {
    const row = asRow(hash);
    await db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('tokens')
        .values({ role, ...row })
        .onConflict((conflict) => conflict.column('role').doUpdateSet(row))
        .execute();
      await announce(transaction, 'tokens');
    });
  },
});

async function hashOf(queries: Queries, role: Role): Promise<Buffer | undefined> {
  const row = await queries.selectFrom('tokens').select('hash').where('role', '=', role).executeTakeFirst();
  return row && Buffer.from(row.hash, 'hex');
}

const asRow = (hash: Buffer): { hash: string; created_at: number } => ({
  hash: hash.toString('hex'),
  created_at: Date.now(),
});
