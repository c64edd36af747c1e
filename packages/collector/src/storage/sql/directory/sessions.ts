import type { Selectable } from 'kysely';
import type { SessionStore, StoredSession } from '../../contract/directory/sessions.js';
import type { DirectoryEngine } from './engine.js';
import type { SessionTable } from './user-tables.js';

export const sqlSessions = ({ db }: DirectoryEngine): SessionStore => {
  const sessions = db.selectFrom('sessions').selectAll();
  return {
    async insert({ id, subject, by, createdAt, usedAt, endsAt, address, browser }, hash) {
      await db
        .insertInto('sessions')
        .values({
          id,
          hash: hash.toString('hex'),
          subject_kind: subject.kind,
          subject: subject.id,
          begun_by: by,
          created_at: createdAt,
          used_at: usedAt,
          ends_at: endsAt,
          address,
          browser,
        })
        .execute();
    },

    async withHash(hash) {
      const row = await sessions.where('hash', '=', hash.toString('hex')).executeTakeFirst();
      return row && asStored(row);
    },

    async of({ kind, id }) {
      const rows = await sessions
        .where('subject_kind', '=', kind)
        .where('subject', '=', id)
        .orderBy('used_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(asStored);
    },

    async used(id, at) {
      await db.updateTable('sessions').set({ used_at: at }).where('id', '=', id).execute();
    },

    async end(id) {
      const row = await db.deleteFrom('sessions').where('id', '=', id).returning('id').executeTakeFirst();
      return row !== undefined;
    },

    async endAllOf({ kind, id }, but) {
      const all = db.deleteFrom('sessions').where('subject_kind', '=', kind).where('subject', '=', id);
      await (but === undefined ? all : all.where('id', '!=', but)).execute();
    },

    async deleteOld(now, unusedSince) {
      await db
        .deleteFrom('sessions')
        .where(({ eb, or }) => or([eb('ends_at', '<=', now), eb('used_at', '<=', unusedSince)]))
        .execute();
    },
  };
};

const asStored = (row: Selectable<SessionTable>): StoredSession => ({
  id: row.id,
  subject: { kind: row.subject_kind, id: row.subject },
  by: row.begun_by,
  createdAt: row.created_at,
  usedAt: row.used_at,
  endsAt: row.ends_at,
  address: row.address,
  browser: row.browser,
});
