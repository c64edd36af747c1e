import type { MintedToken, PlaceView, ProfileView, TokenView } from '@dormouse/protocol';
import { expect, test } from 'vitest';
import { TestApi } from '../support/api.ts';
import { MANIFEST_A } from '../support/manifest.ts';
import { errorOf, openStage, type Visitor } from './support/people.ts';

const asked = async <Body>(visitor: Visitor, method: string, path: string, body?: unknown): Promise<Body> =>
  JSON.parse((await visitor.api(method, path, body)).text) as Body;

test('a token of one’s own may be for an AI agent', async () => {
  const { collector, user, visitor } = await openStage();
  await user('ann@example.com', { role: 'debugger' });
  const ann = visitor();
  await ann.signIn('ann@example.com');
  const request = { name: 'copilot', isForAi: true };
  const { token, secret } = await asked<MintedToken>(ann, 'POST', '/profile/tokens', request);
  expect(token.isForAi).toBe(true);
  await collector.agent({}, MANIFEST_A);
  const own = new TestApi(collector.url, secret);
  expect(await own.refuse({ condition: 'score > 1' })).toMatchObject({ code: 'FORBIDDEN' });
  await own.snapshot();
});

test('a token of one’s own does what its owner may, as long as they may, and makes no others', async () => {
  const { collector, admin, user, visitor } = await openStage();
  await admin.expect('POST', '/places', { place: 'secret' });
  const id = await user('ann@example.com', { role: 'debugger' });
  const ann = visitor();
  await ann.signIn('ann@example.com');
  const { token, secret } = await asked<MintedToken>(ann, 'POST', '/profile/tokens', { name: 'laptop' });
  expect(token).toMatchObject({ name: 'laptop', owner: id });
  expect(token.expiresAt! - token.createdAt).toBe(90 * 86_400_000);

  const own = new TestApi(collector.url, secret);
  expect(await own.get('/services')).toEqual({ services: [] });
  expect(await own.get<ProfileView>('/profile')).toMatchObject({
    kind: 'token',
    name: 'laptop',
    memberships: [{ place: 'default', role: 'debugger' }],
  });
  const { places } = await own.get<{ places: PlaceView[] }>('/places');
  expect(places.map(({ place }) => place)).toEqual(['default', 'default/default', 'default/default/default']);
  for (const [method, path, body] of [
    ['PUT', '/kill-switch', { on: true, reason: 'x' }],
    ['GET', '/users', undefined],
    ['POST', '/profile/tokens', { name: 'another' }],
  ] as const) {
    expect(await own.fail(method, path, body)).toMatchObject({ code: 'FORBIDDEN' });
  }

  expect((await asked<{ tokens: TokenView[] }>(ann, 'GET', '/profile/tokens')).tokens).toMatchObject([
    { id: token.id },
  ]);
  expect(errorOf(await ann.api('DELETE', '/profile/tokens/admin')).code).toBe('NOT_FOUND');
  await asked(ann, 'DELETE', `/profile/tokens/${token.id}`);
  expect(await own.fail('GET', '/services')).toMatchObject({ code: 'UNAUTHENTICATED' });

  const second = await asked<MintedToken>(ann, 'POST', '/profile/tokens', { name: 'laptop' });
  await admin.expect('PUT', `/users/${id}`, { active: false });
  expect(await new TestApi(collector.url, second.secret).fail('GET', '/services')).toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});
