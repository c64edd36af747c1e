import type { MintedToken } from '@dormouse/protocol';
import { beforeEach, expect, test } from 'vitest';
import { TestApi } from '../support/api.ts';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { MANIFEST_A } from '../support/manifest.ts';

/** Ways to more than one has, which are none. */

const DEFAULT = 'default/default/default';

let collector: TestCollector;
let api: TestApi;

beforeEach(async () => {
  collector = await openCollector();
  api = collector.api;
});

const mint = (extra: object = {}): Promise<MintedToken> =>
  api.expect('POST', '/tokens', { name: 'for a test', place: DEFAULT, ...extra });

async function somebody(extra: object = {}): Promise<TestApi> {
  return new TestApi(collector.url, (await mint(extra)).secret);
}

test('nobody gets, by another secret for a token, what that may be raised to', async () => {
  const { token } = await mint({ elevation: { role: 'admin', grants: ['values'] } });
  const admin = await somebody({ role: 'admin', grants: [] });
  expect(await admin.fail('POST', `/tokens/${token.id}/rotate`, {})).toMatchObject({
    code: 'FORBIDDEN',
    path: 'grants',
  });
  const reader = await somebody({ role: 'admin', grants: ['values'] });
  await reader.expect('POST', `/tokens/${token.id}/rotate`, {});
});

test('nobody learns what a template of another service asks by placing it in one’s own', async () => {
  for (const service of ['mine', 'theirs']) await collector.agent({ service }, MANIFEST_A);
  const request = {
    kind: 'snapshot',
    location: { file: 'src/risk.ts', line: 13 },
    condition: 'score > 4711',
  };
  await api.expect('PUT', '/templates/theirs', { request: { ...request, service: 'theirs' } });
  await api.expect('PUT', '/templates/any', {
    request: { ...request, service: '@{service}' },
    parameters: { service: { type: 'text' } },
  });
  const limited = await somebody({ role: 'debugger', services: ['mine'] });
  const place = async (name: string): Promise<string> => {
    const refused = await limited.fail('POST', `/templates/${name}/place`, { changes: { service: 'mine' } });
    return JSON.stringify(refused).replaceAll(name, 'NAME');
  };
  expect(await place('theirs')).toBe(await place('none'));
  await limited.expect('POST', '/templates/any/place', { values: { service: 'mine' } });
});

test('an agent does not outstay the secret that it came in with', async () => {
  const { token, secret } = await mint({ kind: 'agent' });
  const before = await collector.agent({ instance: 'before' }, MANIFEST_A, secret);
  const closed = before.closed();
  const { secret: next } = await api.expect<MintedToken>('POST', `/tokens/${token.id}/rotate`, {
    overlapMs: 0,
  });
  const after = await collector.agent({ instance: 'after' }, MANIFEST_A, next);
  expect(await closed).toMatchObject({ reason: 'the token was revoked, or has expired' });
  expect(after.socket.readyState).toBe(after.socket.OPEN);
});
