import type { Selectable } from 'kysely';
import type { StoredToken, TokenStore } from '../../contract/directory/tokens.js';
import { bindingColumns, bindingOf } from './binding-columns.js';
import type { DirectoryEngine, DirectoryQueries } from './engine.js';
import type { DirectoryTables } from './tables.js';

export const sqlTokens = ({ db, announce }: DirectoryEngine): TokenStore => {
  const tokens = db.selectFrom('tokens').selectAll();
  return {
    list: async () => (await tokens.orderBy('created_at').orderBy('id').execute()).map(asStored),

    async find(id) {
      const row = await tokens.where('id', '=', id).executeTakeFirst();
      return row && asStored(row);
    },

    async withHash(hash, now) {
      const presented = hash.toString('hex');
      const row = await tokens
        .where(({ eb, or, and }) =>
          or([
            eb('hash', '=', presented),
            and([eb('former_hash', '=', presented), eb('former_until', '>', now)]),
          ]),
        )
        .executeTakeFirst();
      return row && asStored(row);
    },

    insert: ({ id, kind, name, owner, isForAi = false, binding, createdAt, expiresAt }, hash) =>
      db.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('tokens')
          .values({
            id,
            kind,
            name,
            owner: owner ?? null,
            for_ai: Number(isForAi),
            hash: hash.toString('hex'),
            created_at: createdAt,
            expires_at: expiresAt ?? null,
            ...bindingColumns(binding),
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .executeTakeFirst();
        await announce(transaction);
        return row !== undefined;
      }),

    rotate: (id, hash, formerUntil) =>
      db.transaction().execute(async (transaction) => {
        await endSessions(transaction, id, hash);
        const row = await transaction
          .updateTable('tokens')
          .set(({ ref }) => ({
            former_hash: ref('hash'),
            former_until: formerUntil,
            hash: hash.toString('hex'),
          }))
          .where('id', '=', id)
          .returning('id')
          .executeTakeFirst();
        await announce(transaction);
        return row !== undefined;
      }),

    async used(id, at) {
      await db.updateTable('tokens').set({ used_at: at }).where('id', '=', id).execute();
    },

    delete: (id) =>
      db.transaction().execute(async (transaction) => {
        await endSessions(transaction, id);
        const row = await transaction
          .deleteFrom('tokens')
          .where('id', '=', id)
          .returning('id')
          .executeTakeFirst();
        await announce(transaction);
        return row !== undefined;
      }),
  };
};

/** @param but not if the token has this hash already */
async function endSessions(queries: DirectoryQueries, token: string, but?: Buffer): Promise<void> {
  const changed = queries.selectFrom('tokens').select('id').where('id', '=', token);
  await queries
    .deleteFrom('sessions')
    .where('subject_kind', '=', 'token')
    .where('subject', 'in', but === undefined ? changed : changed.where('hash', '!=', but.toString('hex')))
    .execute();
}

const asStored = (row: Selectable<DirectoryTables['tokens']>): StoredToken => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  ...(row.owner !== null && { owner: row.owner }),
  ...(row.for_ai === 1 && { isForAi: true }),
  binding: bindingOf(row),
  createdAt: row.created_at,
  ...(row.expires_at !== null && { expiresAt: row.expires_at }),
  ...(row.used_at !== null && { usedAt: row.used_at }),
  ...(row.former_until !== null && { formerUntil: row.former_until }),
});
