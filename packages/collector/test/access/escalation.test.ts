import { GRANTS, type LinkView, type MintedToken, type TokenView } from '@dormouse/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { snapshotRequest, TestApi } from '../support/api.ts';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { MANIFEST_A } from '../support/manifest.ts';
import { errorOf, Visitor } from './support/people.ts';

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

describe('a token for an AI agent', () => {
  const condition = 'score > 1';

  beforeEach(async () => {
    await collector.agent({}, MANIFEST_A);
  });

  test('places no expressions without the grant, whatever its client says of itself', async () => {
    const person = await api.snapshot({ condition });
    await api.expect('PUT', '/templates/large', { probe: person.id });
    const { token, secret } = await mint({ role: 'debugger', isForAi: true });
    expect(token.isForAi).toBe(true);
    const ai = new TestApi(collector.url, secret);
    await ai.snapshot();
    const refused = { code: 'FORBIDDEN', path: 'condition' };
    expect(await ai.refuse({ condition })).toMatchObject(refused);
    expect(await ai.fail('POST', `/probes/${person.id}/duplicate`, {})).toMatchObject(refused);
    expect(await ai.fail('POST', '/templates/large/place', {})).toMatchObject(refused);

    const { path } = await ai.expect<LinkView>('POST', '/console-links', {});
    const visitor = new Visitor(collector.url);
    await visitor.send(collector.url + path);
    const asked = snapshotRequest({ condition });
    expect(errorOf(await visitor.api('POST', '/probes', asked))).toMatchObject(refused);

    const granted = await somebody({ role: 'debugger', grants: ['agent-expressions'], isForAi: true });
    await granted.snapshot({ condition });
  });

  test('changes nobody’s access, an admin’s neither', async () => {
    const { token } = await mint();
    const ai = await somebody({ role: 'admin', grants: GRANTS, isForAi: true });
    const rights = { place: DEFAULT, role: 'debugger' };
    const refused: [method: string, path: string, body?: unknown][] = [
      ['POST', '/tokens', { name: 'a person’s', ...rights }],
      ['POST', `/tokens/${token.id}/rotate`, {}],
      ['POST', '/users', { email: 'ann@example.com', ...rights }],
      ['POST', '/profile/tokens', { name: 'own' }],
      ['DELETE', `/tokens/${token.id}`],
    ];
    for (const [method, path, body] of refused) {
      expect(['FORBIDDEN', 'NOT_FOUND'], path).toContain((await ai.fail(method, path, body)).code);
    }
    expect((await ai.get<{ tokens: TokenView[] }>('/tokens')).tokens).not.toEqual([]);
  });

  test('is none of a process', async () => {
    const asked = { name: 'both', place: DEFAULT, kind: 'agent', isForAi: true };
    expect(await api.fail('POST', '/tokens', asked)).toMatchObject({
      code: 'INVALID_REQUEST',
      path: 'isForAi',
    });
  });
});
