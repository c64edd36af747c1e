import type { Kysely } from 'kysely';

/** The audit trail. Times are ms since 1970. */
export interface AuditTables {
  readonly audit_chains: AuditChainTable;
  readonly audit_records: AuditRecordTable;
  readonly audit_pending: AuditPendingTable;
  readonly audit_checkpoints: AuditCheckpointTable;
}

/** The head of each chain. */
interface AuditChainTable {
  /** 0: of what concerns no organisation, or all. */
  organisation: number;
  chain: string;
  sequence: number;
  hash: string;
}

/** `text` is what the hash is of. The other columns say again what it says, to be searched. */
export interface AuditRecordTable {
  organisation: number;
  sequence: number;
  at: number;
  caller_id: string;
  caller_name: string;
  operation: string;
  environment: string | null;
  /** One on each line, with a line break before the first and after the last. */
  targets: string;
  text: string;
  hash: string;
}

interface AuditPendingTable {
  id: string;
  organisation: number;
  since: number;
  /** `AuditEntry`, JSON. */
  entry: string;
}

interface AuditCheckpointTable {
  organisation: number;
  sequence: number;
  /** `AuditCheckpoint`, JSON. */
  checkpoint: string;
}

export async function createAuditTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('audit_chains')
    .addColumn('organisation', 'integer', (column) => column.primaryKey())
    .addColumn('chain', 'text', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('audit_records')
    .addColumn('organisation', 'integer', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('caller_id', 'text', (column) => column.notNull())
    .addColumn('caller_name', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('environment', 'text')
    .addColumn('targets', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_records_key', ['organisation', 'sequence'])
    .execute();
  await schema
    .createTable('audit_pending')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('organisation', 'integer', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('entry', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('audit_checkpoints')
    .addColumn('organisation', 'integer', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('checkpoint', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_checkpoints_key', ['organisation', 'sequence'])
    .execute();
}
