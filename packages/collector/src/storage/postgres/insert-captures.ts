import { sql, type RawBuilder } from 'kysely';
import type { EnvironmentId } from '../contract/directory/places.js';
import type { Engine } from '../sql/engine.js';
import type { CaptureRow } from '../sql/tables.js';

/**
 * One statement whose text is always the same, with a parameter for each column: one with a parameter for each value costs both
 * sides more to write and to read than the rows cost. Numbers and JSON have no line breaks and travel as lines; only names, which
 * are short, are worth the quoting of an array.
 */
export function insertInto(environment: EnvironmentId): Engine['insertCaptures'] {
  return async (queries, rows) => {
    const column = <Name extends keyof CaptureRow>(name: Name) => rows.map((row) => row[name]);
    const lines = (name: 'cursor' | 'day' | 'received_at' | 'is_window' | 'body'): RawBuilder<unknown> =>
      sql`string_to_array(${column(name).join('\n')}, e'\n')`;
    const { numAffectedRows } = await sql`
      insert into captures (environment, cursor, id, day, probe, service, received_at, is_window, body)
      select ${environment}::integer, * from unnest(
        ${lines('cursor')}::bigint[], ${column('id')}::text[], ${lines('day')}::integer[], ${column('probe')}::text[],
        ${column('service')}::text[], ${lines('received_at')}::bigint[], ${lines('is_window')}::integer[], ${lines('body')}
      )
      on conflict (environment, id, day) do nothing`.execute(queries);
    if (numAffectedRows === BigInt(rows.length)) return rows;
    const inserted = await queries
      .selectFrom('captures')
      .select('cursor')
      .where('cursor', '>=', rows[0]!.cursor)
      .where('cursor', '<=', rows.at(-1)!.cursor)
      .execute();
    const cursors = new Set(inserted.map(({ cursor }) => cursor));
    return rows.filter(({ cursor }) => cursors.has(cursor));
  };
}
