import { expect, test } from 'vitest';
import { healthRoutes } from '../src/http/health.ts';
import { describeRoutes } from '../src/http/openapi.ts';
import { createServer } from '../src/http/server.ts';
import { openStorages } from '../src/storage/open.ts';
import { IN_MEMORY } from '../src/storage/sqlite/folder.ts';
import { storageOf } from './support/storage-of.ts';

test('a collector is ready while its database answers and it is not about to stop, and alive all the time', async () => {
  const storages = await openStorages(await storageOf(IN_MEMORY));
  const app = createServer({ logLevel: 'silent' });
  await describeRoutes(app);
  const health = healthRoutes(app, storages);
  const asked = async (url: string) => {
    const answer = await app.inject(url);
    return [answer.statusCode, answer.json<unknown>()];
  };

  expect(await asked('/readyz')).toEqual([200, { status: 'ready' }]);
  await storages.close();
  expect(await asked('/readyz')).toEqual([503, { status: 'unavailable', reason: 'database' }]);
  health.drain();
  expect(await asked('/readyz')).toEqual([503, { status: 'unavailable', reason: 'draining' }]);
  expect(await asked('/healthz')).toEqual([200, { status: 'ok' }]);
  await app.close();
});
