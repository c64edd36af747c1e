import type { ColumnBuilderCallback, Kysely } from 'kysely';

const required: ColumnBuilderCallback = (column) => column.notNull();

/** What sends evidence on to others, how far it has come, and which collector does it. */
export async function createOutTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('duties')
    .addColumn('environment', 'integer', required)
    .addColumn('name', 'text', required)
    .addColumn('collector', 'text', required)
    .addPrimaryKeyConstraint('duties_key', ['environment', 'name'])
    .execute();

  await schema
    .createTable('outlets')
    .addColumn('environment', 'integer', required)
    .addColumn('name', 'text', required)
    .addColumn('cursor', 'bigint', required)
    .addColumn('outlet', 'text', required)
    .addPrimaryKeyConstraint('outlets_key', ['environment', 'name'])
    .execute();

  await schema
    .createTable('otlp_settings')
    .addColumn('environment', 'integer', required)
    .addColumn('settings', 'text', required)
    .addPrimaryKeyConstraint('otlp_settings_key', ['environment'])
    .execute();

  await schema
    .createTable('webhooks')
    .addColumn('environment', 'integer', required)
    .addColumn('id', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('webhook', 'text', required)
    .addPrimaryKeyConstraint('webhooks_key', ['environment', 'id'])
    .execute();

  await schema
    .createTable('webhook_deliveries')
    .addColumn('environment', 'integer', required)
    .addColumn('webhook', 'text', required)
    .addColumn('event', 'text', required)
    .addColumn('type', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('body', 'text', required)
    .addColumn('attempts', 'integer', required)
    .addColumn('state', 'text', required)
    .addColumn('due_at', 'bigint', required)
    .addColumn('outcome', 'text')
    .addPrimaryKeyConstraint('webhook_deliveries_key', ['environment', 'webhook', 'event'])
    .execute();
  await schema
    .createIndex('webhook_deliveries_by_due')
    .on('webhook_deliveries')
    .columns(['environment', 'state', 'due_at'])
    .execute();
}
