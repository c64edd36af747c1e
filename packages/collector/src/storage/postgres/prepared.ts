import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';

/** What is in every statement on the table in partitions. */
const ON_CAPTURES = /\b(?:from "captures"|into captures\b)/;

/** Statements with more have lists of values, and another text for each length of them. */
const MOST_PARAMETERS = 12;

/**
 * Has each connection plan statements on the captures once: for its 32 partitions PostgreSQL plans for longer than it reads. The
 * code has a few dozen of them; others are sent as they are.
 */
export function preparing(pool: Pool): PostgresPool {
  const names = new Map<string, string>();
  const nameOf = (text: string, { length }: readonly unknown[]): string | undefined => {
    if (length > MOST_PARAMETERS || !ON_CAPTURES.test(text)) return undefined;
    const name = names.get(text) ?? `captures-${names.size}`;
    names.set(text, name);
    return name;
  };
  const known = new WeakMap<PoolClient, PostgresPoolClient>();
  const clientOf = (client: PoolClient): PostgresPoolClient => {
    const preparer = known.get(client) ?? preparingClient(client, nameOf);
    known.set(client, preparer);
    return preparer;
  };
  return {
    options: pool.options,
    connect: async () => clientOf(await pool.connect()),
    end: () => pool.end(),
  };
}

function preparingClient(
  client: PoolClient,
  nameOf: (text: string, values: readonly unknown[]) => string | undefined,
): PostgresPoolClient {
  const query = (text: string, values: unknown[]): Promise<unknown> =>
    client.query({ name: nameOf(text, values), text, values });
  return { query: query as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) };
}
