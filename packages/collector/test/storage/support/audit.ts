import { generateKeyPairSync } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { signCheckpoint } from '../../../src/audit/checkpoint.ts';
import type { AuditFilter, AuditRange, AuditStore } from '../../../src/storage/contract/directory/audit.ts';
import { sampleEntry, verified } from '../../audit/support/trail.ts';

/** An audit trail, and the database below it. */
export interface AuditDatabase {
  readonly store: AuditStore;
  /** Whatever somebody asks who has the database's password. */
  query(text: string): Promise<unknown>;
  /** Lets everything happen to the tables of the trail. */
  disarm(): Promise<void>;
}

const { privateKey: key } = generateKeyPairSync('ed25519');

/**
 * Holds a storage of the audit trail to its contract.
 * @param open one with chains of its own, below which nothing is guarded any more once it was disarmed
 * @param organisation one that has no chain yet
 */
export function describeAudit(open: () => Promise<AuditDatabase & { close(): Promise<void> }>): void {
  let organisations = 0;

  async function start(): Promise<AuditDatabase & { readonly organisation: number }> {
    const database = await open();
    onTestFinished(() => database.close());
    return { ...database, organisation: ++organisations };
  }

  async function filled(records = 5): Promise<AuditDatabase & { readonly organisation: number }> {
    const database = await start();
    const appendices = Array.from({ length: records }, (_, index) => ({
      entry: sampleEntry({ targets: [`p${index + 1}`] }),
    }));
    await database.store.append(database.organisation, appendices);
    return database;
  }

  test('keeps records in one chain for each organisation', async () => {
    const { store, organisation } = await filled(3);
    const other = organisation + 1_000;
    await store.append(other, [{ entry: sampleEntry() }]);
    const head = await store.append(organisation, [{ entry: sampleEntry() }, { entry: sampleEntry() }]);
    expect(head.sequence).toBe(5);
    expect(await store.head(organisation)).toEqual(head);
    expect((await store.head(other)).chain).not.toBe(head.chain);
    expect(await verified(store, organisation)).toMatchObject({ intact: true, records: 5, head });
    expect(await verified(store, other)).toMatchObject({ intact: true, records: 1 });
    expect(await store.organisations()).toEqual(expect.arrayContaining([organisation, other]));
  });

  test('gives back what was written, whatever it is', async () => {
    const { store, organisation } = await start();
    const entry = sampleEntry({
      request: { text: 'a\u0000b\n"💶"', nothing: null, list: [1, 2.5, true] },
      details: { captures: 3 },
      code: 'NOT_FOUND',
    });
    await store.append(organisation, [{ entry }]);
    const [record] = await store.list(organisation, {}, { order: 'newest', limit: 10 });
    expect(record).toEqual({
      ...entry,
      chain: (await store.head(organisation)).chain,
      sequence: 1,
      previous: '0'.repeat(64),
      hash: (await store.head(organisation)).hash,
    });
  });

  test('writes many at once', async () => {
    const { store, organisation } = await filled(1_234);
    expect(await verified(store, organisation)).toMatchObject({ intact: true, records: 1_234 });
  });

  test('stays one chain, however many write at the same time', async () => {
    const { store, organisation } = await start();
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        store.append(
          organisation,
          Array.from({ length: 1 + (index % 5) }, () => ({ entry: sampleEntry() })),
        ),
      ),
    );
    expect(await verified(store, organisation)).toMatchObject({ intact: true, records: 120 });
  });

  test('lists in either order, page by page, what is asked for', async () => {
    const { store, organisation } = await start();
    const nobody = { kind: 'nobody', id: '', name: '' };
    const at = (moment: number) => ({ at: moment, environment: 'o/p/e' });
    await store.append(organisation, [
      { entry: sampleEntry({ ...at(10), targets: ['a_b', 'c%d'] }) },
      { entry: sampleEntry({ ...at(20), targets: ['aXb', 'c'], operation: 'removeProbe' }) },
      { entry: sampleEntry({ ...at(30), targets: [], caller: nobody }) },
      { entry: sampleEntry({ at: 40, environment: 'o/p/f', targets: ['d'] }) },
    ]);
    const sequences = async (filter: AuditFilter, range: Partial<AuditRange> = {}) => {
      const records = await store.list(organisation, filter, { order: 'newest', limit: 10, ...range });
      return records.map(({ sequence }) => sequence);
    };
    expect(await sequences({})).toEqual([4, 3, 2, 1]);
    expect(await sequences({}, { limit: 2 })).toEqual([4, 3]);
    expect(await sequences({}, { after: 3, limit: 2 })).toEqual([2, 1]);
    expect(await sequences({}, { order: 'oldest', after: 1, limit: 2 })).toEqual([2, 3]);
    expect(await sequences({ caller: 't1' })).toEqual([4, 2, 1]);
    expect(await sequences({ caller: 'admin token' })).toEqual([4, 2, 1]);
    expect(await sequences({ operation: 'removeProbe' })).toEqual([2]);
    expect(await sequences({ environment: 'o/p/f' })).toEqual([4]);
    expect(await sequences({ target: 'a_b' })).toEqual([1]);
    expect(await sequences({ target: 'c%d' })).toEqual([1]);
    expect(await sequences({ target: 'c' })).toEqual([2]);
    expect(await sequences({ target: '' })).toEqual([]);
    expect(await sequences({ from: 20, to: 30 })).toEqual([3, 2]);
    expect(await sequences({ from: 20, caller: 't1', operation: 'createProbe' })).toEqual([4]);
  });

  test('remembers what somebody was about to do, until it is written down', async () => {
    const { store, organisation } = await filled(1);
    const entry = sampleEntry({ outcome: 'unknown' });
    for (const id of ['done', 'died', 'young']) {
      await store.intend({ id: `${id} ${organisation}`, organisation, entry: { ...entry, requestId: id } });
    }
    await store.append(organisation, [{ entry: sampleEntry(), intention: `done ${organisation}` }]);
    expect(await store.adopt(0)).toBe(0);
    expect(await store.adopt(Date.now() + 1_000)).toBe(2);
    expect(await store.adopt(Date.now() + 1_000)).toBe(0);
    const records = await store.list(organisation, {}, { order: 'newest', limit: 10 });
    expect(records.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown', 'ok', 'ok']);
    expect(await verified(store, organisation)).toMatchObject({ intact: true, records: 4 });
  });

  test('drops what a checkpoint stands for, and stays verifiable', async () => {
    const { store, organisation } = await filled(6);
    const { chain } = await store.head(organisation);
    const [, , , third] = await store.list(organisation, {}, { order: 'newest', limit: 10 });
    const { sequence, hash } = third!;
    const checkpoint = signCheckpoint({ chain, sequence, hash }, 1, key);
    await store.drop(organisation, checkpoint);
    expect(await store.checkpoint(organisation)).toEqual(checkpoint);
    expect(
      (await store.list(organisation, {}, { order: 'newest', limit: 10 })).map((record) => record.sequence),
    ).toEqual([6, 5, 4]);
    await store.append(organisation, [{ entry: sampleEntry() }]);
    expect(await verified(store, organisation)).toMatchObject({ intact: true, records: 4, checkpoint });
  });

  test('refuses everybody who would change or delete a record', async () => {
    const { store, query, organisation } = await filled(3);
    const of = `where organisation = ${organisation}`;
    for (const statement of [
      `update audit_records set operation = 'x' ${of}`,
      `update audit_records set sequence = sequence + 10 ${of}`,
      `delete from audit_records ${of}`,
      `delete from audit_records ${of} and sequence = 3`,
      `delete from audit_chains ${of}`,
      `update audit_chains set sequence = 2 ${of}`,
      `update audit_chains set hash = 'x' ${of}`,
      `update audit_chains set chain = 'x', sequence = 9 ${of}`,
      `insert into audit_records select * from audit_records ${of}`,
    ]) {
      await expect(query(statement), statement).rejects.toThrow(/append-only|duplicate/);
    }
    const { chain, hash } = await store.head(organisation);
    await store.drop(organisation, signCheckpoint({ chain, sequence: 1, hash }, 1, key));
    for (const statement of [
      `delete from audit_records ${of}`,
      `update audit_checkpoints set checkpoint = '' ${of}`,
      `delete from audit_checkpoints ${of}`,
    ]) {
      await expect(query(statement), statement).rejects.toThrow('append-only');
    }
    expect(await store.list(organisation, {}, { order: 'newest', limit: 10 })).toHaveLength(2);
  });

  test('shows whatever was changed below it, in the record where it was changed', async () => {
    const { store, query, disarm, organisation } = await filled(5);
    await disarm();
    const of = `where organisation = ${organisation} and sequence = 3`;
    const changes = {
      at: '7',
      caller_id: `'x'`,
      caller_name: `'x'`,
      operation: `'x'`,
      environment: 'null',
      targets: `'x'`,
      text: `replace(text, '"ok"', '"refused"')`,
      hash: `replace(hash, substr(hash, 1, 1), 'g')`,
    };
    for (const [column, value] of Object.entries(changes)) {
      await query(`create table kept as select * from audit_records ${of}`);
      await query(`update audit_records set ${column} = ${value} ${of}`);
      const verdict = await verified(store, organisation);
      expect(verdict, column).toMatchObject({ intact: false, broken: { sequence: 3, fault: 'changed' } });
      await query(`delete from audit_records ${of}`);
      await query('insert into audit_records select * from kept');
      await query('drop table kept');
      expect(await verified(store, organisation), column).toMatchObject({ intact: true });
    }
    const { fields } = await changeFields(store, query, organisation);
    expect(fields.length).toBeGreaterThan(12);
  });

  test.each([
    ['one is missing', 'delete from audit_records where $3', 3, 'missing'],
    ['the last are missing', 'delete from audit_records where $>3', 4, 'truncated'],
    ['the chain is set back', 'update audit_chains set sequence = 4 where $', 5, 'truncated'],
    ['the head has another hash', `update audit_chains set hash = 'x' where $`, 5, 'changed'],
    ['it is of another chain', `update audit_chains set chain = 'x' where $`, 1, 'foreign'],
    ['one cannot be read', `update audit_records set text = '{' where $3`, 3, 'unreadable'],
    ['one has another place', 'update audit_records set sequence = 9 where $3', 3, 'missing'],
  ])('shows that %s', async (_what, template, sequence, fault) => {
    const { store, query, disarm, organisation } = await filled(5);
    await disarm();
    const where = (_all: string, comparison = '', number?: string): string =>
      `organisation = ${organisation}${number === undefined ? '' : ` and sequence ${comparison || '='} ${number}`}`;
    await query(template.replace(/\$(>)?(\d)?/, where));
    expect(await verified(store, organisation)).toMatchObject({ intact: false, broken: { sequence, fault } });
  });

  test('shows that two have changed places', async () => {
    const { store, query, disarm, organisation } = await filled(5);
    await disarm();
    for (const [from, to] of [
      [3, 99],
      [4, 3],
      [99, 4],
    ]) {
      await query(
        `update audit_records set sequence = ${to} where organisation = ${organisation} and sequence = ${from}`,
      );
    }
    expect(await verified(store, organisation)).toMatchObject({
      broken: { sequence: 3, fault: 'reordered' },
    });
  });

  test('knows what stands behind its head', async () => {
    const { store, query, disarm, organisation } = await filled(5);
    expect(await store.surplus(organisation)).toBeUndefined();
    await disarm();
    await query(`update audit_chains set sequence = 3 where organisation = ${organisation}`);
    expect(await store.surplus(organisation)).toBe(4);
  });
}

/** Changes each field of a stored record's text in turn, and each field within. */
async function changeFields(
  store: AuditStore,
  query: AuditDatabase['query'],
  organisation: number,
): Promise<{ readonly fields: readonly string[] }> {
  const records = await store.list(organisation, {}, { order: 'newest', limit: 10 });
  const { hash: _hash, ...record } = records.find(({ sequence }) => sequence === 3)!;
  const set = (text: string): Promise<unknown> =>
    query(
      `update audit_records set text = '${text.replaceAll("'", "''")}' where organisation = ${organisation} and sequence = 3`,
    );
  const whole = JSON.stringify(sorted(record));
  const leaves = Array.from(whole.matchAll(/"(\w+)":("(?:[^"\\]|\\.)*"|-?[\d.]+|true|false|null)/g));
  for (const { 0: leaf, 1: name, index } of leaves) {
    const changed = leaf.endsWith('"') ? `"${name}":"other"` : `"${name}":4711`;
    await set(whole.slice(0, index) + changed + whole.slice(index + leaf.length));
    const verdict = await verified(store, organisation);
    expect(verdict, leaf).toMatchObject({ intact: false, broken: { sequence: 3, fault: 'changed' } });
  }
  await set(whole);
  expect(await verified(store, organisation)).toMatchObject({ intact: true });
  return { fields: leaves.map(([, name]) => name!) };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, sorted((value as Record<string, unknown>)[name])]));
}
