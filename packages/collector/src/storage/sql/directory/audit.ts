import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import {
  AUDIT_BEGINNING,
  type AuditCheckpoint,
  type AuditEntry,
  type AuditHead,
  type AuditRecord,
} from '@dormouse/protocol';
import { canonical } from '../../../audit/canonical.js';
import { hashOfRecord, headAfter, seal, unseal, type SealedRecord } from '../../../audit/chain.js';
import type { Found } from '../../../audit/verify.js';
import type { Appendix, AuditStore } from '../../contract/directory/audit.js';
import type { PlaceId } from '../../contract/directory/places.js';
import type { AuditRecordTable } from './audit-tables.js';
import type { DirectoryEngine, DirectoryQueries } from './engine.js';

/** Records of one statement: each has ten parameters, of which databases take some ten thousand. */
const ROWS = 500;

export const sqlAudit = ({ db }: DirectoryEngine): AuditStore => ({
  async intend({ id, organisation, entry }) {
    const row = { id, organisation, since: Date.now(), entry: canonical(entry) };
    await db.insertInto('audit_pending').values(row).execute();
  },

  append: (organisation, appendices) =>
    db.transaction().execute((transaction) => append(transaction, organisation, appendices)),

  async adopt(before) {
    const orphaned = await db
      .selectFrom('audit_pending')
      .select('organisation')
      .distinct()
      .where('since', '<', before)
      .execute();
    let adopted = 0;
    for (const { organisation } of orphaned) {
      adopted += await db.transaction().execute(async (transaction) => {
        // The head first, as everybody has it: nobody waits for somebody who waits for him.
        await lockHead(transaction, organisation);
        const rows = await transaction
          .deleteFrom('audit_pending')
          .where('organisation', '=', organisation)
          .where('since', '<', before)
          .returning(['entry', 'since'])
          .execute();
        const entries = rows
          .toSorted((a, b) => a.since - b.since)
          .map(({ entry }) => ({ entry: JSON.parse(entry) as AuditEntry }));
        await append(transaction, organisation, entries);
        return entries.length;
      });
    }
    return adopted;
  },

  async list(organisation, filter, { order, after, limit }) {
    let query = db
      .selectFrom('audit_records')
      .select(['text', 'hash'])
      .where('organisation', '=', organisation)
      .orderBy('sequence', order === 'oldest' ? 'asc' : 'desc')
      .limit(limit);
    if (after !== undefined) query = query.where('sequence', order === 'oldest' ? '>' : '<', after);
    const { caller, operation, target, environment, from, to } = filter;
    if (caller !== undefined)
      query = query.where((is) => is.or([is('caller_id', '=', caller), is('caller_name', '=', caller)]));
    if (operation !== undefined) query = query.where('operation', '=', operation);
    if (environment !== undefined) query = query.where('environment', '=', environment);
    if (target !== undefined)
      query = query.where(sql<boolean>`targets like ${`%\n${escapeLike(target)}\n%`} escape ${'\\'}`);
    if (from !== undefined) query = query.where('at', '>=', from);
    if (to !== undefined) query = query.where('at', '<=', to);
    return (await query.execute()).map(unseal);
  },

  async read(organisation, after, limit) {
    const rows = await db
      .selectFrom('audit_records')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(limit)
      .execute();
    return rows.map(asFound);
  },

  async head(organisation) {
    const head = await db
      .selectFrom('audit_chains')
      .select(['chain', 'sequence', 'hash'])
      .where('organisation', '=', organisation)
      .executeTakeFirst();
    return head ?? db.transaction().execute((transaction) => lockHead(transaction, organisation));
  },

  async surplus(organisation) {
    const row = await db
      .selectFrom('audit_records')
      .select('audit_records.sequence')
      .where('organisation', '=', organisation)
      .where('sequence', '>', ({ selectFrom }) =>
        selectFrom('audit_chains')
          .select('audit_chains.sequence')
          .where('audit_chains.organisation', '=', organisation),
      )
      .orderBy('audit_records.sequence')
      .executeTakeFirst();
    return row?.sequence;
  },

  async checkpoint(organisation) {
    const row = await db
      .selectFrom('audit_checkpoints')
      .select('checkpoint')
      .where('organisation', '=', organisation)
      .orderBy('sequence', 'desc')
      .executeTakeFirst();
    return row && (JSON.parse(row.checkpoint) as AuditCheckpoint);
  },

  async drop(organisation, checkpoint) {
    const { sequence } = checkpoint;
    await db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('audit_checkpoints')
        .values({ organisation, sequence, checkpoint: canonical(checkpoint) })
        .execute();
      await transaction
        .deleteFrom('audit_records')
        .where('organisation', '=', organisation)
        .where('sequence', '<=', sequence)
        .execute();
    });
  },

  async organisations() {
    const rows = await db.selectFrom('audit_chains').select('organisation').orderBy('organisation').execute();
    return rows.map(({ organisation }) => organisation);
  },
});

/** Adds entries behind the head, and lets go of the intentions that they fulfil. */
async function append(
  queries: DirectoryQueries,
  organisation: PlaceId,
  appendices: readonly Appendix[],
): Promise<AuditHead> {
  let head = await lockHead(queries, organisation);
  const rows: AuditRecordTable[] = [];
  for (const { entry } of appendices) {
    const sealed = seal(head, entry);
    head = headAfter(head, sealed);
    rows.push(asRow(organisation, sealed));
  }
  for (let from = 0; from < rows.length; from += ROWS) {
    await queries
      .insertInto('audit_records')
      .values(rows.slice(from, from + ROWS))
      .execute();
  }
  const fulfilled = appendices.flatMap(({ intention }) => intention ?? []);
  if (fulfilled.length > 0) await queries.deleteFrom('audit_pending').where('id', 'in', fulfilled).execute();
  if (rows.length === 0) return head;
  const { sequence, hash } = head;
  await queries
    .updateTable('audit_chains')
    .set({ sequence, hash })
    .where('organisation', '=', organisation)
    .execute();
  return head;
}

/** The head of a chain, which is begun where there is none. Its row is locked until the transaction ends: writers come one after the other. */
async function lockHead(queries: DirectoryQueries, organisation: PlaceId): Promise<AuditHead> {
  const lock = (): Promise<AuditHead | undefined> =>
    queries
      .updateTable('audit_chains')
      .set(({ ref }) => ({ sequence: ref('sequence') }))
      .where('organisation', '=', organisation)
      .returning(['chain', 'sequence', 'hash'])
      .executeTakeFirst();
  const head = await lock();
  if (head !== undefined) return head;
  await queries
    .insertInto('audit_chains')
    .values({ organisation, chain: randomUUID(), sequence: 0, hash: AUDIT_BEGINNING })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await lock())!;
}

function asRow(organisation: PlaceId, sealed: SealedRecord): AuditRecordTable {
  return { organisation, ...columnsOf(unseal(sealed)), ...sealed };
}

/** What the columns say again. */
function columnsOf({
  sequence,
  at,
  caller,
  operation,
  environment,
  targets,
}: AuditRecord): Omit<AuditRecordTable, 'organisation' | 'text' | 'hash'> {
  return {
    sequence,
    at,
    caller_id: caller.id,
    caller_name: caller.name,
    operation,
    environment: environment ?? null,
    targets: targets.length === 0 ? '' : `\n${targets.join('\n')}\n`,
  };
}

/** A row as it stands; its text must be written as it is always written, and its columns must say what the text says. */
function asFound(row: AuditRecordTable): Found {
  const { organisation: _chain, text, hash, ...columns } = row;
  let record: AuditRecord;
  let said: typeof columns;
  try {
    record = unseal({ text, hash });
    said = columnsOf(record);
  } catch {
    const message = `What stands in place ${row.sequence} cannot be read.`;
    return { flaw: { fault: 'unreadable', message } };
  }
  const { hash: _own, ...rest } = record;
  if (canonical(rest) !== text) {
    const message = `The record in place ${row.sequence} is not written as records are.`;
    return { flaw: { fault: 'changed', message } };
  }
  // Whoever follows the chain finds that.
  if (hashOfRecord(record) !== hash) return record;
  if (record.sequence !== row.sequence) {
    const message = `Record ${record.sequence} stands in place ${row.sequence}.`;
    return { flaw: { fault: 'reordered', message } };
  }
  if (canonical(said) !== canonical(columns)) {
    const message = `The columns of record ${row.sequence} say something else than its text.`;
    return { flaw: { fault: 'changed', message } };
  }
  return record;
}

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);
