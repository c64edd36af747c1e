import type { Selectable } from 'kysely';
import type { Grant, Role } from '../../../auth/permissions.js';
import type { ElevationStore, StoredElevation } from '../../contract/directory/elevations.js';
import type { DirectoryEngine } from './engine.js';
import type { DirectoryTables } from './tables.js';

export const sqlElevations = ({ db, announce }: DirectoryEngine): ElevationStore => {
  const active = (now: number) =>
    db.selectFrom('elevations').selectAll().where('ends_at', '>', now).orderBy('started_at').orderBy('id');
  return {
    async insert({ id, subject, environment, role, grants, reason, startedAt, endsAt }) {
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('elevations')
          .values({
            id,
            subject_kind: subject.kind,
            subject: subject.id,
            environment,
            role,
            grants: JSON.stringify(grants),
            reason,
            started_at: startedAt,
            ends_at: endsAt,
          })
          .execute();
        await announce(transaction);
      });
    },

    active: async (now) => (await active(now).execute()).map(asStored),

    activeOf: async ({ kind, id }, now) =>
      (await active(now).where('subject_kind', '=', kind).where('subject', '=', id).execute()).map(asStored),

    end: (id, now) =>
      db.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('elevations')
          .set({ ends_at: now })
          .where('id', '=', id)
          .where('ends_at', '>', now)
          .returning('id')
          .executeTakeFirst();
        await announce(transaction);
        return row !== undefined;
      }),
  };
};

const asStored = (row: Selectable<DirectoryTables['elevations']>): StoredElevation => ({
  id: row.id,
  subject: { kind: row.subject_kind, id: row.subject },
  environment: row.environment,
  role: row.role as Role,
  grants: JSON.parse(row.grants) as Grant[],
  reason: row.reason,
  startedAt: row.started_at,
  endsAt: row.ends_at,
});
