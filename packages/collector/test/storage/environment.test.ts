import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EnvironmentScope } from '../../src/storage/sql/environment.ts';
import { sqliteDialect } from '../../src/storage/sqlite/dialect.ts';

interface Tables {
  readonly owners: { name: string; note: string };
  readonly pets: { name: string; owner: string };
}

let db: Kysely<Tables>;
let mine: Kysely<Tables>;
let theirs: Kysely<Tables>;

beforeEach(async () => {
  db = new Kysely<Tables>({ dialect: sqliteDialect(new DatabaseSync(':memory:')) });
  await sql`create table owners (environment, name, note, primary key (environment, name))`.execute(db);
  await sql`create table pets (environment, name, owner, primary key (environment, name))`.execute(db);
  mine = db.withPlugin(new EnvironmentScope(1));
  theirs = db.withPlugin(new EnvironmentScope(2));
  for (const [environment, note] of [
    [mine, 'mine'],
    [theirs, 'theirs'],
  ] as const) {
    await environment.insertInto('owners').values({ name: 'ann', note }).execute();
    await environment
      .insertInto('pets')
      .values([
        { name: `${note} one`, owner: 'ann' },
        { name: `${note} two`, owner: 'bob' },
      ])
      .execute();
  }
});

afterEach(() => db.destroy());

const notes = (environment: Kysely<Tables>) => environment.selectFrom('owners').select('note').execute();

describe('a query through one environment', () => {
  test('reads its rows only', async () => {
    expect(await notes(mine)).toEqual([{ note: 'mine' }]);
    expect(await mine.selectFrom('pets as p').select('p.name').orderBy('p.name').execute()).toEqual([
      { name: 'mine one' },
      { name: 'mine two' },
    ]);
  });

  test('reads its rows only, whatever its own conditions say', async () => {
    const pets = await mine
      .selectFrom('pets')
      .select('name')
      .where((column) => column.or([column('owner', '=', 'ann'), column.lit(true)]))
      .execute();
    expect(pets).toHaveLength(2);
  });

  test('joins its rows only', async () => {
    const inner = mine.selectFrom('pets').innerJoin('owners', 'owners.name', 'pets.owner');
    expect(await inner.select(['pets.name', 'note']).execute()).toEqual([{ name: 'mine one', note: 'mine' }]);
    const outer = mine.selectFrom('pets').leftJoin('owners as o', 'o.name', 'pets.owner');
    expect(await outer.select(['pets.name', 'note']).orderBy('pets.name').execute()).toEqual([
      { name: 'mine one', note: 'mine' },
      { name: 'mine two', note: null },
    ]);
  });

  test('looks into its rows only in subqueries', async () => {
    await theirs.insertInto('owners').values({ name: 'bob', note: 'only there' }).execute();
    const owned = mine
      .selectFrom('pets')
      .select('name')
      .where('owner', 'in', mine.selectFrom('owners').select('name'));
    expect(await owned.execute()).toEqual([{ name: 'mine one' }]);
    const counted = mine
      .selectFrom(mine.selectFrom('pets').select('name').as('all'))
      .select((column) => column.fn.countAll<number>().as('count'));
    expect(await counted.execute()).toEqual([{ count: 2 }]);
  });

  test('inserts, and meets conflicts, in its environment', async () => {
    await mine
      .insertInto('owners')
      .values({ name: 'ann', note: 'changed' })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ note: 'changed' }))
      .execute();
    expect(await notes(mine)).toEqual([{ note: 'changed' }]);
    expect(await notes(theirs)).toEqual([{ note: 'theirs' }]);
    await mine
      .insertInto('owners')
      .values({ name: 'ann', note: 'ignored' })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    expect(await notes(mine)).toEqual([{ note: 'changed' }]);
  });

  test('changes and deletes its rows only', async () => {
    await mine.updateTable('owners').set({ note: 'changed' }).execute();
    expect(await notes(theirs)).toEqual([{ note: 'theirs' }]);
    await mine.deleteFrom('pets').where('owner', '=', 'ann').execute();
    await mine.deleteFrom('owners').execute();
    expect(await notes(mine)).toEqual([]);
    expect(await theirs.selectFrom('pets').select('name').execute()).toHaveLength(2);
    expect(await notes(theirs)).toEqual([{ note: 'theirs' }]);
  });

  test('is limited in a transaction as well', async () => {
    await mine.transaction().execute(async (transaction) => {
      await transaction.updateTable('owners').set({ note: 'changed' }).execute();
    });
    expect(await notes(theirs)).toEqual([{ note: 'theirs' }]);
  });
});

describe('a query that cannot be limited is refused', () => {
  test.each<[string, () => Promise<unknown>]>([
    [
      'raw SQL for a table',
      () =>
        mine
          .selectFrom(sql<Tables['owners']>`owners`.as('o'))
          .selectAll()
          .execute(),
    ],
    [
      'a common table expression',
      () =>
        mine
          .with('all', (all) => all.selectFrom('owners').selectAll())
          .selectFrom('all')
          .selectAll()
          .execute(),
    ],
    [
      'an insert of what a query finds',
      () =>
        mine
          .insertInto('pets')
          .columns(['name', 'owner'])
          .expression(db.selectFrom('owners').select(['name', 'note']))
          .execute(),
    ],
  ])('%s', async (_what, run) => {
    await expect(run).rejects.toThrow(/environment/);
    expect(await notes(mine)).toEqual([{ note: 'mine' }]);
  });
});
