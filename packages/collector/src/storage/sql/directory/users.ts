import type { Selectable, Updateable } from 'kysely';
import type { StoredUser, UserChange, UserStore } from '../../contract/directory/users.js';
import type { DirectoryEngine, DirectoryQueries } from './engine.js';
import type { UserTable } from './user-tables.js';

export const sqlUsers = ({ db, announce }: DirectoryEngine): UserStore => {
  const users = db.selectFrom('users').selectAll();
  return {
    list: async () => (await users.orderBy('email').execute()).map(asStored),

    async find(id) {
      const row = await users.where('id', '=', id).executeTakeFirst();
      return row && asStored(row);
    },

    async withEmail(email) {
      const row = await users.where('email', '=', email).executeTakeFirst();
      return row && asStored(row);
    },

    async withIdentity({ issuer, subject }) {
      const row = await users.where('issuer', '=', issuer).where('subject', '=', subject).executeTakeFirst();
      return row && asStored(row);
    },

    insert: (user) =>
      db.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('users')
          .values(rowOf(user))
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .executeTakeFirst();
        await announce(transaction);
        return row !== undefined;
      }),

    change: (id, change) =>
      db.transaction().execute(async (transaction) => {
        if (await isTaken(transaction, id, change)) return false;
        const row = await transaction
          .updateTable('users')
          .set(columnsOf(change))
          .where('id', '=', id)
          .returning('id')
          .executeTakeFirst();
        await announce(transaction);
        return row !== undefined;
      }),
  };
};

/** Whether somebody else has the address or the identity. The table refuses it in any case; this says so. */
async function isTaken(
  queries: DirectoryQueries,
  id: string,
  { email, identity }: UserChange,
): Promise<boolean> {
  const row = await queries
    .selectFrom('users')
    .select('id')
    .where('id', '!=', id)
    .where(({ eb, or, and }) =>
      or([
        ...(email === undefined ? [] : [eb('email', '=', email)]),
        ...(identity === undefined
          ? []
          : [and([eb('issuer', '=', identity.issuer), eb('subject', '=', identity.subject)])]),
      ]),
    )
    .executeTakeFirst();
  return row !== undefined;
}

const rowOf = ({
  id,
  email,
  name,
  createdAt,
  deactivatedAt,
  password,
  identity,
  signedInAt,
}: StoredUser): UserTable => ({
  id,
  email,
  name,
  created_at: createdAt,
  deactivated_at: deactivatedAt ?? null,
  password: password ?? null,
  issuer: identity?.issuer ?? null,
  subject: identity?.subject ?? null,
  signed_in_at: signedInAt ?? null,
});

function columnsOf(change: UserChange): Updateable<UserTable> {
  const { name, email, password, identity, signedInAt, deactivatedAt } = change;
  return {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...('password' in change && { password: password ?? null }),
    ...(identity !== undefined && identity),
    ...(signedInAt !== undefined && { signed_in_at: signedInAt }),
    ...('deactivatedAt' in change && { deactivated_at: deactivatedAt ?? null }),
  };
}

const asStored = (row: Selectable<UserTable>): StoredUser => ({
  id: row.id,
  email: row.email,
  name: row.name,
  createdAt: row.created_at,
  ...(row.deactivated_at !== null && { deactivatedAt: row.deactivated_at }),
  ...(row.password !== null && { password: row.password }),
  ...(row.issuer !== null &&
    row.subject !== null && { identity: { issuer: row.issuer, subject: row.subject } }),
  ...(row.signed_in_at !== null && { signedInAt: row.signed_in_at }),
});
