import type { ServiceStore } from '../contract/services.js';
import type { Database } from './engine.js';

export const sqlServices = (db: Database): ServiceStore => ({
  async remember(service) {
    await db
      .insertInto('services')
      .values({ name: service, first_seen: Date.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },

  async names() {
    const rows = await db.selectFrom('services').select('name').orderBy('name').execute();
    return rows.map((row) => row.name);
  },
});
