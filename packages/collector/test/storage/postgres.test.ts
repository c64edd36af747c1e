import { Kysely, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Client, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startPostgres, type Postgres } from '../../../../scripts/lib/postgres.ts';
import type { Topic } from '../../src/storage/contract/announcements.ts';
import type { Storage } from '../../src/storage/contract/storage.ts';
import type { Storages } from '../../src/storage/contract/storages.ts';
import { startCollector } from '../../src/index.ts';
import { POSTGRES_MIGRATIONS } from '../../src/storage/postgres/migrations.ts';
import { openPostgres } from '../../src/storage/postgres/open.ts';
import { preparing } from '../../src/storage/postgres/prepared.ts';
import { emptyDatabase, freshDatabase } from '../support/database.ts';
import { describeDirectory } from './support/directory.ts';
import { describeStorage } from './support/contract.ts';
import { expectFirstVersion, fillFirstVersion } from './support/first-version.ts';
import { describeOutlets } from './support/outlets.ts';
import { describeUsers } from './support/users.ts';
import { sampleAgent, sampleBuild, sampleCapture, sampleProbe } from './support/samples.ts';

let postgres: Postgres;
/** Every test has an environment of its own in the same tables. */
let environment = 0;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.stop());

describe('PostgreSQL', () => {
  describeStorage(
    () => openPostgres(postgres.url),
    () => ++environment,
  );
  describeDirectory(async () => openPostgres(await freshDatabase(postgres.url)));
  describeUsers(async () => openPostgres(await freshDatabase(postgres.url)));
  describeOutlets(
    () => openPostgres(postgres.url),
    () => ++environment,
  );
});

test('a connection plans a statement on captures once', async () => {
  const pool = new Pool({ connectionString: postgres.url, max: 1 });
  onTestFinished(() => pool.end());
  const client = await preparing(pool).connect();
  const ask = (text: string, ...values: number[]) => client.query<{ name: string }>(text, values);
  for (const cursor of [1, 2]) await ask('select cursor from "captures" where cursor = $1', cursor);
  await ask('select cursor from "captures" where cursor > $1', 1);
  await ask('select id from probes where hits = $1', 1);
  await ask(
    `select cursor from "captures" where cursor in (${Array.from({ length: 13 }, (_, n) => `$${n + 1}`).join()})`,
    ...Array<number>(13).fill(1),
  );
  const { rows } = await ask('select name from pg_prepared_statements order by name');
  client.release();
  expect(rows).toEqual([{ name: 'captures-0' }, { name: 'captures-1' }]);
});

describe('two collectors on one PostgreSQL', () => {
  let collectors: readonly Storages[];
  let one: Storage;
  let other: Storage;

  beforeEach(async () => {
    environment++;
    collectors = await Promise.all([openPostgres(postgres.url), openPostgres(postgres.url)]);
    [one, other] = collectors.map((storages) => storages.environment(environment)) as [Storage, Storage];
  });

  afterEach(() => Promise.all(collectors.map((storages) => storages.close())));

  test('store each capture once, though both get it', async () => {
    await one.probes.insert(sampleProbe('p'));
    const batch = (from: number) =>
      Array.from({ length: 50 }, (_, index) => sampleCapture(`c${from + index}`, { at: 1_000 }));
    await Promise.all(
      [0, 25, 50, 75, 100].flatMap((from) => [
        one.captures.store(batch(from)),
        other.captures.store(batch(from)),
      ]),
    );
    const stored = await one.captures.list({}, undefined, 1_000);
    expect(new Set(stored.map(({ id }) => id)).size).toBe(150);
    expect(stored).toHaveLength(150);
    expect((await other.probes.find('p'))?.hits).toBe(150);
  });

  test('share out duties: one at a time does each, and another when that one is gone', async () => {
    for (const storage of [one, other]) await storage.presence.renew();
    expect(await one.presence.lead('webhooks')).toBe(true);
    expect(await other.presence.lead('webhooks')).toBe(false);
    expect(await other.presence.lead('otlp-logs')).toBe(true);
    expect(await one.presence.lead('webhooks')).toBe(true);
    await one.presence.leave();
    expect(await other.presence.lead('webhooks')).toBe(true);
  });

  test('miss no event of the other, in whatever order their transactions end', async () => {
    const batches = Array.from({ length: 60 }, (_, batch) =>
      Array.from({ length: 1 + (batch % 9) }, (__, index) => sampleCapture(`c${batch}-${index}`)),
    );
    let isWritten = false;
    const writing = Promise.all(
      batches.map((batch, index) => (index % 2 === 0 ? one : other).captures.store(batch)),
    ).then(() => (isWritten = true));
    const seen: string[] = [];
    let cursor = 0;
    for (;;) {
      const isLast = isWritten;
      const { captures } = await one.events.after(cursor, {}, 11);
      seen.push(...captures.map(({ id }) => id));
      cursor = Number(captures.at(-1)?.cursor ?? cursor);
      if (captures.length === 0 && isLast) break;
    }
    await writing;
    expect(seen.toSorted()).toEqual(batches.flatMap((batch) => batch.map(({ id }) => id)).toSorted());
  });

  test('end a probe once', async () => {
    await one.probes.insert(sampleProbe('p'));
    const ended = await Promise.all([
      one.probes.end('p', 'removed', []),
      other.probes.end('p', 'expired', []),
    ]);
    expect(ended.toSorted()).toEqual([false, true]);
  });

  test('hear what the other has changed, and not what they have changed themselves', async () => {
    const heard: Topic[] = [];
    const mute = await one.announcements.listen((topic) => heard.push(topic));
    heard.length = 0;
    await one.probes.insert(sampleProbe('p'));
    await other.captures.store([sampleCapture('c')]);
    await other.probes.insert(sampleProbe('q'));
    await other.builds.save(sampleBuild('b'));
    await other.presence.attach({ identity: sampleAgent('i'), lastSeen: 1 });
    await expect.poll(() => heard).toEqual(['probes', 'builds', 'agents']);
    await mute();
    await other.probes.insert(sampleProbe('r'));
    await collectors[1]!.ping();
    expect(heard).toHaveLength(3);
  });

  test('know which processes are connected to the other, while it lives', async () => {
    await Promise.all([one.presence.renew(), other.presence.renew()]);
    await one.presence.attach({ identity: sampleAgent('i1'), lastSeen: 1 });
    await one.presence.attach({ identity: sampleAgent('i2'), lastSeen: 1 });
    expect(await one.presence.elsewhere()).toEqual([]);
    expect(await other.presence.elsewhere()).toEqual([sampleAgent('i1'), sampleAgent('i2')]);

    await other.presence.attach({ identity: sampleAgent('i2', { buildId: 'b' }), lastSeen: 2 });
    await one.presence.detach({ identity: sampleAgent('i2'), lastSeen: 3 });
    expect(await one.presence.elsewhere()).toEqual([sampleAgent('i2', { buildId: 'b' })]);
    await one.presence.detach({ identity: sampleAgent('i1'), lastSeen: 3 });
    expect(await other.presence.elsewhere()).toEqual([]);
    await expire(environment);
    expect(await one.presence.elsewhere()).toEqual([]);
    await other.presence.renew();
    expect(await one.presence.elsewhere()).toHaveLength(1);
    await other.presence.leave();
    expect(await one.presence.elsewhere()).toEqual([]);
    expect((await one.agents.list()).map(({ lastSeen }) => lastSeen)).toEqual([3, 2]);
  });
});

test('a server that dies and comes back has lost nothing, and is listened to again', async () => {
  const collectors = await Promise.all([openPostgres(postgres.url), openPostgres(postgres.url)]);
  environment++;
  const [storage, other] = collectors.map((storages) => storages.environment(environment)) as [
    Storage,
    Storage,
  ];
  const heard: Topic[] = [];
  const mute = await storage.announcements.listen((topic) => heard.push(topic));
  await storage.captures.store([sampleCapture('c1')]);
  heard.length = 0;
  await postgres.crash();
  await expect.poll(() => heard, { timeout: 5_000 }).toContain('probes');
  expect((await storage.captures.list({}, undefined, 10)).map(({ id }) => id)).toEqual(['c1']);
  heard.length = 0;
  await other.probes.insert(sampleProbe('p'));
  await expect.poll(() => heard).toEqual(['probes']);
  await mute();
  await Promise.all(collectors.map((storages) => storages.close()));
});

/** As if the collectors of an environment had not been heard of for too long. */
async function expire(of: number): Promise<void> {
  const client = new Client(postgres.url);
  await client.connect();
  await client.query('update collectors set alive_until = 0 where environment = $1', [of]);
  await client.end();
}

test('several that open an empty database at once create its tables once', async () => {
  const url = await emptyDatabase(postgres.url);
  const storages = await Promise.all([1, 2, 3].map(() => openPostgres(url)));
  await storages[0]!.environment(1).services.remember('trades');
  expect(await storages[2]!.environment(1).services.names()).toEqual(['trades']);
  await Promise.all(storages.map((storage) => storage.close()));
});

test('collectors that start at once on what one of the first version has left bring it up to date once, and lose nothing', async () => {
  const database = await emptyDatabase(postgres.url);
  const pool = new Pool({ connectionString: database });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => POSTGRES_MIGRATIONS } });
  expect((await migrator.migrateTo('003-environments')).error).toBeUndefined();
  await fillFirstVersion({
    run: (statement) => pool.query(statement),
    hasEnvironments: true,
    bytes: (hex) => `'\\x${hex}'`,
  });
  await db.destroy();
  const options = { port: 0, database, logLevel: 'silent' };
  const collectors = await Promise.all([1, 2, 3].map(() => startCollector(options)));
  for (const { url } of collectors) await expectFirstVersion(url);
  await Promise.all(collectors.map((collector) => collector.close()));
});

test('what cannot be opened says why, without the password', async () => {
  const wrong = new URL(postgres.url);
  wrong.password = 'not-the-password';
  await expect(openPostgres(wrong.href)).rejects.toThrow(
    /^The database postgres:\/\/dormouse@127\.0\.0\.1:\d+\/postgres cannot be used: password authentication failed/,
  );
  await expect(openPostgres('postgres://dormouse:secret@127.0.0.1:1/x')).rejects.toThrow(/ECONNREFUSED/);
});
