import type { OtlpSettings } from '../../out/otlp/settings.js';
import type { Outlet, OutletStore } from '../contract/outlets.js';
import type { Database } from './engine.js';

export const sqlOutlets = (db: Database): OutletStore => ({
  async find(name) {
    const row = await db.selectFrom('outlets').select('outlet').where('name', '=', name).executeTakeFirst();
    return row && (JSON.parse(row.outlet) as Outlet);
  },

  async save(name, outlet) {
    const row = { cursor: outlet.cursor, outlet: JSON.stringify(outlet) };
    await db
      .insertInto('outlets')
      .values({ name, ...row })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet(row).where('outlets.cursor', '<=', outlet.cursor),
      )
      .execute();
  },

  async otlp() {
    const row = await db.selectFrom('otlp_settings').select('settings').executeTakeFirst();
    return row && (JSON.parse(row.settings) as OtlpSettings);
  },

  saveOtlp: (settings) =>
    db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('otlp_settings').execute();
      if (settings !== undefined) {
        await transaction
          .insertInto('otlp_settings')
          .values({ settings: JSON.stringify(settings) })
          .execute();
      } else {
        await transaction.deleteFrom('outlets').where('name', 'like', 'otlp-%').execute();
      }
    }),
});
