import { randomInt } from 'node:crypto';
import { EVERYWHERE, type PlaceStore, type StoredPlace } from '../../contract/directory/places.js';
import type { DirectoryEngine } from './engine.js';

/** Ids below are of the places that there are from the beginning. */
const FIRST_ID = 100;
/** What every database has as `integer`. */
const LAST_ID = 2 ** 31 - 1;

export const sqlPlaces = ({ db, announce }: DirectoryEngine): PlaceStore => ({
  async list() {
    const rows = await db.selectFrom('places').selectAll().orderBy('created_at').orderBy('id').execute();
    return rows.map(({ created_at: createdAt, ...place }): StoredPlace => ({ ...place, createdAt }));
  },

  create: (parent, name) =>
    db.transaction().execute(async (transaction) => {
      const isThere =
        parent === EVERYWHERE ||
        (await transaction.selectFrom('places').select('id').where('id', '=', parent).executeTakeFirst()) !==
          undefined;
      if (!isThere) return undefined;
      // A random id is not used twice, even when what had it is deleted.
      const place = { id: randomInt(FIRST_ID, LAST_ID), parent, name };
      const createdAt = Date.now();
      const row = await transaction
        .insertInto('places')
        .values({ ...place, created_at: createdAt })
        .onConflict((conflict) => conflict.columns(['parent', 'name']).doNothing())
        .returning('id')
        .executeTakeFirst();
      await announce(transaction);
      return row && { ...place, createdAt };
    }),

  rename: (id, name) =>
    db.transaction().execute(async (transaction) => {
      const taken = await transaction
        .selectFrom('places')
        .select('id')
        .where('id', '!=', id)
        .where('name', '=', name)
        .where('parent', '=', (of) =>
          of.selectFrom('places as own').select('own.parent').where('own.id', '=', id),
        )
        .executeTakeFirst();
      if (taken !== undefined) return false;
      const row = await transaction
        .updateTable('places')
        .set({ name })
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      await announce(transaction);
      return row !== undefined;
    }),

  async delete(ids, environments) {
    await db.transaction().execute(async (transaction) => {
      for (const id of environments) {
        await transaction
          .insertInto('abandoned_environments')
          .values({ id })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      await transaction.deleteFrom('elevations').where('environment', 'in', ids).execute();
      await transaction.deleteFrom('bindings').where('place', 'in', ids).execute();
      await transaction.deleteFrom('tokens').where('place', 'in', ids).execute();
      await transaction.deleteFrom('places').where('id', 'in', ids).execute();
      await announce(transaction);
    });
  },

  async abandoned() {
    const rows = await db.selectFrom('abandoned_environments').select('id').orderBy('id').execute();
    return rows.map(({ id }) => id);
  },

  async forget(environment) {
    await db.deleteFrom('abandoned_environments').where('id', '=', environment).execute();
  },
});
