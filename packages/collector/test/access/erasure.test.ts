import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { MintedToken } from '@dormouse/protocol';
import { expect, test, vi } from 'vitest';
import { openCollector } from '../support/collector.ts';
import { MANIFEST_A } from '../support/manifest.ts';

/** Longer than between two looks at the directory, ms. */
const LOOK_MS = 6_000;

const onSqlite = test.skipIf(process.env['DORMOUSE_TEST_DATABASE'] !== undefined);

onSqlite('what was in a deleted environment is gone from the storage, and nothing of another', async () => {
  const data = mkdtempSync(join(tmpdir(), 'dormouse-erasure-'));
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const collector = await openCollector({ data });
    await collector.agent({ service: 'stays' }, MANIFEST_A);
    const place = 'default/default/doomed';
    await collector.api.expect('POST', '/places', { place });
    const token = { name: 'doomed', place, kind: 'agent' };
    const { secret } = await collector.api.expect<MintedToken>('POST', '/tokens', token);
    const agent = await collector.agent({ service: 'doomed' }, MANIFEST_A, secret);
    const closed = agent.closed();
    await collector.api.expect('DELETE', `/places?place=${place}&confirm=${place}`);
    await closed;
    for (let look = 0; look < 3; look++) {
      vi.advanceTimersByTime(LOOK_MS);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await collector.close();

    const database = new DatabaseSync(join(data, 'collector.db'));
    expect(database.prepare('select name from services').all()).toEqual([{ name: 'stays' }]);
    expect(database.prepare('select distinct environment from agents').all()).toEqual([{ environment: 1 }]);
    expect(database.prepare('select * from abandoned_environments').all()).toEqual([]);
    database.close();
  } finally {
    vi.useRealTimers();
    rmSync(data, { recursive: true });
  }
});
