import type { Kysely } from 'kysely';

/** Groups of probes, and which group a probe is of. */
export async function createGroupTable({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('probe_groups')
    .addColumn('environment', 'integer', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('over_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('probe_groups_key', ['environment', 'id'])
    .execute();
  await schema.alterTable('probes').addColumn('group_id', 'text').execute();
  await schema.createIndex('probes_by_group').on('probes').columns(['environment', 'group_id']).execute();
}

/** Groups say who made them; nothing is known of those that there are. */
export async function tellGroupMakers({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('probe_groups').addColumn('created_by', 'text').execute();
}
