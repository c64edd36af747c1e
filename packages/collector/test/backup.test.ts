import type { AuditPage, MintedToken } from '@dormouse/protocol';
import { expect, test } from 'vitest';
import { openCollector, type TestCollector } from './support/collector.ts';

/** A backup has every tenant's evidence in it: who may have one. */

const isEmbedded = process.env['DORMOUSE_TEST_DATABASE'] === undefined;

async function backupBy({ url, api }: TestCollector, rights: object): Promise<Response> {
  const { secret } = await api.expect<MintedToken>('POST', '/tokens', { name: 'for a backup', ...rights });
  return fetch(`${url}/api/v1/backup`, { headers: { authorization: `Bearer ${secret}` } });
}

test.skipIf(!isEmbedded)('an admin of everything has it, and the audit trail says so', async () => {
  const collector = await openCollector();
  const response = await backupBy(collector, { place: '*', role: 'admin' });
  expect(response.status).toBe(200);
  const content = Buffer.from(await response.arrayBuffer());
  expect(content.length).toBe(Number(response.headers.get('content-length')));
  expect(content.toString('latin1', 0, 15)).toBe('SQLite format 3');
  const { records } = await collector.api.get<AuditPage>('/audit?chain=collector&operation=backUp');
  expect(records).toMatchObject([{ operation: 'backUp', outcome: 'ok', caller: { name: 'for a backup' } }]);
});

test.each([
  ['an admin of an organisation', { place: 'default', role: 'admin' }],
  ['an admin of an environment', { place: 'default/default/default', role: 'admin' }],
  ['an admin of some services everywhere', { place: '*', role: 'admin', services: ['pay-*'] }],
  ['a debugger everywhere', { place: '*', role: 'debugger' }],
])('%s has none', async (_who, rights) => {
  const response = await backupBy(await openCollector(), rights);
  expect([response.status, await response.json()]).toMatchObject([403, { error: { code: 'FORBIDDEN' } }]);
});
