import type { ColumnBuilderCallback, Kysely } from 'kysely';
import type { CodePurpose } from '../../contract/directory/codes.js';
import type { StoredSession } from '../../contract/directory/sessions.js';

/** Who people are, and what proves it. Times are ms since 1970, hashes SHA-256 in hexadecimal. */
export interface UserTables {
  readonly users: UserTable;
  readonly sessions: SessionTable;
  readonly codes: CodeTable;
}

export interface UserTable {
  id: string;
  email: string;
  name: string;
  created_at: number;
  deactivated_at: number | null;
  password: string | null;
  issuer: string | null;
  subject: string | null;
  signed_in_at: number | null;
}

export interface SessionTable {
  id: string;
  hash: string;
  subject_kind: 'token' | 'user';
  subject: string;
  begun_by: StoredSession['by'];
  created_at: number;
  used_at: number;
  ends_at: number;
  address: string;
  browser: string;
}

interface CodeTable {
  hash: string;
  purpose: CodePurpose;
  content: string;
  ends_at: number;
}

const required: ColumnBuilderCallback = (column) => column.notNull();
const key: ColumnBuilderCallback = (column) => column.primaryKey();

export async function createUserTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('users')
    .addColumn('id', 'text', key)
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('deactivated_at', 'bigint')
    .addColumn('password', 'text')
    .addColumn('issuer', 'text')
    .addColumn('subject', 'text')
    .addColumn('signed_in_at', 'bigint')
    .addUniqueConstraint('users_by_identity', ['issuer', 'subject'])
    .execute();
  await schema
    .createTable('sessions')
    .addColumn('id', 'text', key)
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('subject_kind', 'text', required)
    .addColumn('subject', 'text', required)
    .addColumn('begun_by', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('used_at', 'bigint', required)
    .addColumn('ends_at', 'bigint', required)
    .addColumn('address', 'text', required)
    .addColumn('browser', 'text', required)
    .execute();
  await schema
    .createIndex('sessions_by_subject')
    .on('sessions')
    .columns(['subject_kind', 'subject'])
    .execute();
  await schema
    .createTable('codes')
    .addColumn('hash', 'text', key)
    .addColumn('purpose', 'text', required)
    .addColumn('content', 'text', required)
    .addColumn('ends_at', 'bigint', required)
    .execute();
}
