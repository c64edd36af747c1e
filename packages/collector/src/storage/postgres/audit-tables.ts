import { sql, type Kysely } from 'kysely';
import { createAuditTables } from '../sql/directory/audit-tables.js';

/** A refusal, and a refusal on a condition. */
const FUNCTIONS = [
  `create function refuse_audit_change() returns trigger language plpgsql as $$
    begin raise exception 'the audit trail is append-only'; end $$`,
  `create function refuse_audit_drop() returns trigger language plpgsql as $$
    begin
      if not exists (
        select 1 from audit_checkpoints where organisation = old.organisation and sequence >= old.sequence
      ) then raise exception 'the audit trail is append-only'; end if;
      return old;
    end $$`,
];

/** Whatever asks the database, the trail grows only; what a checkpoint stands for may be dropped. */
const TRIGGERS: readonly string[] = [
  ...['audit_records', 'audit_chains', 'audit_checkpoints'].map(
    (table) =>
      `${table}_not_emptied before truncate on ${table} for each statement execute function refuse_audit_change()`,
  ),
  ...['audit_records', 'audit_checkpoints'].map(
    (table) =>
      `${table}_unchanged before update on ${table} for each row execute function refuse_audit_change()`,
  ),
  ...['audit_chains', 'audit_checkpoints'].map(
    (table) => `${table}_kept before delete on ${table} for each row execute function refuse_audit_change()`,
  ),
  'audit_records_kept before delete on audit_records for each row execute function refuse_audit_drop()',
  `audit_chains_forward before update on audit_chains for each row
    when (new.organisation <> old.organisation or new.chain <> old.chain or new.sequence < old.sequence
      or (new.sequence = old.sequence and new.hash <> old.hash))
    execute function refuse_audit_change()`,
];

export async function createGuardedAudit(db: Kysely<unknown>): Promise<void> {
  await createAuditTables(db);
  for (const text of FUNCTIONS) await sql.raw(text).execute(db);
  for (const trigger of TRIGGERS) await sql.raw(`create trigger ${trigger}`).execute(db);
}
