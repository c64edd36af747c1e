import type { Kysely } from 'kysely';

/** Tokens say whether an AI agent uses them; nothing is known of those that there are. */
export async function tellAiTokens({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .alterTable('tokens')
    .addColumn('for_ai', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
