import { sql, type Kysely } from 'kysely';
import { createAuditTables } from '../sql/directory/audit-tables.js';

const REFUSAL = `select raise(abort, 'the audit trail is append-only')`;

/** Whatever asks the database, the trail grows only; what a checkpoint stands for may be dropped. */
const TRIGGERS: Readonly<Record<string, string>> = {
  audit_records_unchanged: `before update on audit_records begin ${REFUSAL}; end`,
  // What replaces a row deletes it without asking.
  audit_records_unreplaced: `before insert on audit_records when exists (
      select 1 from audit_records where organisation = new.organisation and sequence >= new.sequence
    ) begin ${REFUSAL}; end`,
  audit_records_kept: `before delete on audit_records when not exists (
      select 1 from audit_checkpoints where organisation = old.organisation and sequence >= old.sequence
    ) begin ${REFUSAL}; end`,
  audit_chains_forward: `before update on audit_chains
    when new.organisation <> old.organisation or new.chain <> old.chain or new.sequence < old.sequence
      or (new.sequence = old.sequence and new.hash <> old.hash)
    begin ${REFUSAL}; end`,
  audit_chains_unreplaced: `before insert on audit_chains when exists (
      select 1 from audit_chains where organisation = new.organisation
    ) begin ${REFUSAL}; end`,
  audit_chains_kept: `before delete on audit_chains begin ${REFUSAL}; end`,
  audit_checkpoints_unchanged: `before update on audit_checkpoints begin ${REFUSAL}; end`,
  audit_checkpoints_unreplaced: `before insert on audit_checkpoints when exists (
      select 1 from audit_checkpoints where organisation = new.organisation and sequence >= new.sequence
    ) begin ${REFUSAL}; end`,
  audit_checkpoints_kept: `before delete on audit_checkpoints begin ${REFUSAL}; end`,
};

export async function createGuardedAudit(db: Kysely<unknown>): Promise<void> {
  await createAuditTables(db);
  for (const [name, rule] of Object.entries(TRIGGERS)) {
    await sql.raw(`create trigger ${name} ${rule}`).execute(db);
  }
}
