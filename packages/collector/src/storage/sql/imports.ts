import type { ImportDetails } from '@dormouse/protocol';
import type { ImportStore } from '../contract/imports.js';
import type { Database } from './engine.js';

/** Rows of one statement: bounded by the parameters that it may have. */
const CHUNK = 500;

export function sqlImports(db: Database): ImportStore {
  return {
    async begin(id, at) {
      await db.insertInto('imports').values({ id, begun_at: at, view: null }).execute();
    },

    async add(id, captures) {
      for (let start = 0; start < captures.length; start += CHUNK) {
        await db
          .insertInto('imported_captures')
          .values(
            captures.slice(start, start + CHUNK).map(({ number, capture }) => ({
              import: id,
              number,
              probe: capture.probe,
              service: capture.service,
              received_at: capture.receivedAt,
              body: JSON.stringify(capture),
            })),
          )
          .execute();
      }
    },

    async finish(view) {
      await db
        .updateTable('imports')
        .set({ view: JSON.stringify(view) })
        .where('id', '=', view.id)
        .execute();
    },

    delete: (id) => deleteImport(db, id),

    async find(id) {
      const row = await db.selectFrom('imports').select('view').where('id', '=', id).executeTakeFirst();
      return typeof row?.view === 'string' ? (JSON.parse(row.view) as ImportDetails) : undefined;
    },

    async list() {
      const rows = await db.selectFrom('imports').select('view').orderBy('begun_at', 'desc').execute();
      return rows.flatMap(({ view }) => (view === null ? [] : [JSON.parse(view) as ImportDetails]));
    },

    async texts(id, { probe, service, services, group }, { after, until, limit, order }) {
      // Groups are of probes that are here.
      if (group !== undefined || services?.length === 0) return [];
      const [beyond, upTo] = order === 'oldest' ? (['>', '<='] as const) : (['<', '>='] as const);
      let query = db
        .selectFrom('imported_captures')
        .select(['number as cursor', 'body as json'])
        .where('import', '=', id)
        .orderBy('number', order === 'oldest' ? 'asc' : 'desc')
        .limit(limit);
      if (after !== undefined) query = query.where('number', beyond, after);
      if (until !== undefined) query = query.where('number', upTo, until);
      if (probe !== undefined) query = query.where('probe', '=', probe);
      if (service !== undefined) query = query.where('service', '=', service);
      if (services !== undefined) query = query.where('service', 'in', services);
      return query.execute();
    },

    async firstSince(id, moment) {
      const { first, last } = await db
        .selectFrom('imported_captures')
        .select((row) => [
          row.fn.min('number').filterWhere('received_at', '>=', moment).as('first'),
          row.fn.max('number').as('last'),
        ])
        .where('import', '=', id)
        .executeTakeFirstOrThrow();
      return first ?? (last ?? 0) + 1;
    },
  };
}

/** Its captures first: what is interrupted can be done again. */
export async function deleteImport(db: Database, id: string): Promise<boolean> {
  await db.deleteFrom('imported_captures').where('import', '=', id).execute();
  const [deleted] = await db.deleteFrom('imports').where('id', '=', id).returning('view').execute();
  return typeof deleted?.view === 'string';
}
