import type { Engine } from '../sql/engine.js';
import type { CaptureRow } from '../sql/tables.js';

/** Rows of one statement: bounded by the 65,535 parameters that it may have. */
const CHUNK = 500;

export const insertCaptures: Engine['insertCaptures'] = async (queries, rows) => {
  const inserted: CaptureRow[] = [];
  for (let start = 0; start < rows.length; start += CHUNK) {
    const chunk = await queries
      .insertInto('captures')
      .values(rows.slice(start, start + CHUNK))
      .onConflict((conflict) => conflict.columns(['id', 'day']).doNothing())
      .returning('cursor')
      .execute();
    for (const { cursor } of chunk) inserted.push(rows[cursor - rows[0]!.cursor]!);
  }
  return inserted;
};
