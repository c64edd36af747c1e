import type { Selectable } from 'kysely';
import type { BindingStore, StoredBinding } from '../../contract/directory/bindings.js';
import { bindingColumns, bindingOf } from './binding-columns.js';
import type { DirectoryEngine } from './engine.js';
import type { DirectoryTables } from './tables.js';

export const sqlBindings = ({ db, announce }: DirectoryEngine): BindingStore => {
  const inOrder = db.selectFrom('bindings').selectAll().orderBy('created_at').orderBy('id');
  return {
    list: async () => (await inOrder.execute()).map(asStored),
    of: async (user) => (await inOrder.where('user_id', '=', user).execute()).map(asStored),

    async save({ id, user, createdAt, ...binding }) {
      const row = { user_id: user, created_at: createdAt, ...bindingColumns(binding) };
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('bindings')
          .values({ id, ...row })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute();
        await announce(transaction);
      });
    },

    delete: (id) =>
      db.transaction().execute(async (transaction) => {
        const row = await transaction
          .deleteFrom('bindings')
          .where('id', '=', id)
          .returning('id')
          .executeTakeFirst();
        await announce(transaction);
        return row !== undefined;
      }),
  };
};

const asStored = ({
  id,
  user_id,
  created_at,
  ...columns
}: Selectable<DirectoryTables['bindings']>): StoredBinding => ({
  id,
  user: user_id,
  createdAt: created_at,
  ...bindingOf(columns),
});
