import type { InvitationView, LinkView, MintedToken, UserView } from '@dormouse/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { COST } from '../../src/auth/passwords/hash.ts';
import { TestApi } from '../support/api.ts';
import { errorOf, openStage, PASSWORD, type Visitor } from './support/people.ts';

afterEach(() => {
  vi.useRealTimers();
});

const WRONG = { code: 'UNAUTHENTICATED', message: 'The address or the password is wrong.' };

const setPassword = (visitor: Visitor, link: LinkView, password: string) =>
  visitor.ask(`${visitor.url}/auth/set-password`, {
    method: 'POST',
    body: { code: link.path.split('=')[1], password },
  });

describe('somebody who is invited', () => {
  test('sets a password by a link that works once, and may do what was said, where it was said', async () => {
    const { admin, visitor } = await openStage();
    const { user, link } = await admin.expect<InvitationView>('POST', '/users', {
      email: 'Ann@Example.com',
      name: 'Ann',
      place: 'default/default',
      role: 'debugger',
    });
    expect(user).toMatchObject({
      email: 'ann@example.com',
      name: 'Ann',
      hasPassword: false,
      memberships: [{ place: 'default/default', role: 'debugger', grants: ['values'], services: [] }],
    });
    const ann = visitor();
    expect(errorOf(await ann.signIn('ann@example.com'))).toEqual(WRONG);
    expect(errorOf(await setPassword(ann, link!, 'ann example com!'))).toMatchObject({
      code: 'WEAK_PASSWORD',
    });
    expect((await setPassword(ann, link!, PASSWORD)).status).toBe(200);
    expect(errorOf(await setPassword(ann, link!, `${PASSWORD} eight`)).code).toBe('UNAUTHENTICATED');
    expect((await ann.signIn('ann@example.com')).status).toBe(200);
    expect((await ann.api('GET', '/services')).status).toBe(200);
    expect(errorOf(await ann.api('PUT', '/kill-switch', { on: true, reason: 'x' })).code).toBe('FORBIDDEN');
    expect(errorOf(await ann.api('GET', '/users')).code).toBe('FORBIDDEN');
    expect(await admin.get<UserView>(`/users/${user.id}`)).toMatchObject({
      hasPassword: true,
      signedInAt: expect.any(Number) as number,
    });
  });

  test('and is known already may do more from now on', async () => {
    const { admin, user } = await openStage();
    const id = await user('ann@example.com');
    const request = { email: 'ann@example.com', place: 'default', role: 'viewer', services: ['trades*'] };
    const invitation = await admin.expect<InvitationView>('POST', '/users', request);
    expect(invitation).not.toHaveProperty('link');
    expect(invitation.user.id).toBe(id);
    expect(invitation.user.memberships).toMatchObject([
      { role: 'debugger', services: [] },
      { role: 'viewer', services: ['trades*'] },
    ]);
  });

  test.each([
    [{ email: 'ann' }, 'email'],
    [{ email: 'ann@example.com\u202e' }, 'email'],
    [{ email: '<script>alert(1)</script>@example.com' }, 'email'],
    [{ name: 'Ann\u001b[2J' }, 'name'],
    [{ name: 'Ann\u202enimda' }, 'name'],
    [{ name: 'A\u200bnn' }, 'name'],
    [{ role: 'owner' }, 'role'],
    [{ password: PASSWORD }, undefined],
  ])('is no one with %j', async (change, path) => {
    const { admin } = await openStage();
    const request = { email: 'ann@example.com', place: 'default', role: 'viewer', ...change };
    const error = await admin.fail('POST', '/users', request);
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', ...(path !== undefined && { path }) });
  });

  test('has a name that is text, and nothing but text, wherever it is shown', async () => {
    const { admin } = await openStage();
    const name = '<img src=x onerror=alert(1)> & "Ann"';
    await admin.expect('POST', '/users', {
      email: 'ann@example.com',
      name,
      place: 'default',
      role: 'viewer',
    });
    const { headers, body } = await admin.request<{ users: UserView[] }>('GET', '/users');
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body.users.map((user) => user.name)).toEqual([name]);
  });
});

describe('a user', () => {
  test('who is deactivated is out at once, and in again when active again', async () => {
    const { admin, user, visitor } = await openStage();
    const id = await user('ann@example.com');
    const ann = visitor();
    await ann.signIn('ann@example.com');
    expect(await ann.isKnown()).toBe(true);
    expect(await admin.expect('PUT', `/users/${id}`, { active: false })).toHaveProperty('deactivatedAt');
    expect(await ann.isKnown()).toBe(false);
    expect(errorOf(await ann.signIn('ann@example.com'))).toEqual(WRONG);
    await admin.expect('PUT', `/users/${id}`, { active: true, name: 'Ann' });
    expect(await ann.isKnown()).toBe(false);
    expect((await ann.signIn('ann@example.com')).status).toBe(200);
  });

  test('changes the own password, which ends all other sessions, if the present one is known', async () => {
    const { user, visitor } = await openStage();
    await user('ann@example.com');
    const [ann, forgotten] = [visitor(), visitor()];
    await ann.signIn('ann@example.com');
    await forgotten.signIn('ann@example.com');
    const change = (present: string, next: string) => ann.api('PUT', '/profile/password', { present, next });
    expect(errorOf(await change('wrong', `${PASSWORD} two`))).toMatchObject({
      code: 'INVALID_REQUEST',
      path: 'present',
    });
    expect(await ann.isKnown()).toBe(true);
    expect(errorOf(await change(PASSWORD, 'password1234567')).code).toBe('WEAK_PASSWORD');
    expect((await change(PASSWORD, `${PASSWORD} two`)).status).toBe(200);
    expect(await ann.isKnown()).toBe(true);
    expect(await forgotten.isKnown()).toBe(false);
    expect(errorOf(await visitor().signIn('ann@example.com'))).toEqual(WRONG);
  });

  test('who forgot the password gets a link from an admin; setting it ends all sessions and other such links', async () => {
    const { admin, user, visitor } = await openStage();
    const id = await user('ann@example.com');
    const ann = visitor();
    await ann.signIn('ann@example.com');
    const unused = await admin.expect<LinkView>('PUT', `/users/${id}/password-link`, {});
    const link = await admin.expect<LinkView>('PUT', `/users/${id}/password-link`, {});
    expect(await ann.isKnown()).toBe(true);
    expect((await setPassword(visitor(), link, `${PASSWORD} two`)).status).toBe(200);
    expect(await ann.isKnown()).toBe(false);
    expect(errorOf(await setPassword(visitor(), unused, PASSWORD)).code).toBe('UNAUTHENTICATED');
  });

  test('has no other’s address', async () => {
    const { admin, user } = await openStage();
    await admin.expect('POST', '/users', { email: 'ann@example.com', place: 'default', role: 'viewer' });
    const id = await user('bob@example.com');
    expect(await admin.fail('PUT', `/users/${id}`, { email: 'ANN@example.com' })).toMatchObject({
      code: 'CONFLICT',
    });
    expect(await admin.fail('PUT', '/users/nobody', { name: 'x' })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an admin of one place', () => {
  /** Whoever has a token with which everything may be done in the default organisation, but for some grants. */
  async function localAdmin() {
    const stage = await openStage();
    const request = { name: 'eve', place: 'default', role: 'admin', grants: ['values'] };
    const { secret } = await stage.admin.expect<MintedToken>('POST', '/tokens', request);
    const eve = new TestApi(stage.collector.url, secret);
    const ask = async (method: string, path: string, body?: unknown) =>
      (await eve.request<{ error?: { code: string } } & UserView>(method, path, body)).body;
    return { ...stage, ask };
  }

  test('gives no right that is not theirs', async () => {
    const { ask } = await localAdmin();
    const invite = (rights: object) => ask('POST', '/users', { email: 'x@example.com', ...rights });
    expect((await invite({ place: '*', role: 'viewer' })).error?.code).toBe('FORBIDDEN');
    expect((await invite({ place: 'other', role: 'viewer' })).error?.code).toBe('NOT_FOUND');
    expect((await invite({ place: 'default', role: 'admin' })).error?.code).toBe('FORBIDDEN');
    const elevation = { role: 'viewer', grants: ['raise-limits'] };
    expect((await invite({ place: 'default', role: 'viewer', elevation })).error?.code).toBe('FORBIDDEN');
    expect(await invite({ place: 'default', role: 'admin', grants: ['values'] })).toHaveProperty('user');
  });

  test('has no power over those who may more, and does not know of those who have no business there', async () => {
    const { admin, ask } = await localAdmin();
    const invite = (email: string, rights: object) =>
      admin.expect<InvitationView>('POST', '/users', { email, ...rights });
    const more = await invite('more@example.com', {
      place: 'default',
      role: 'debugger',
      grants: ['raise-limits'],
    });
    const raised = await invite('raised@example.com', {
      place: 'default',
      role: 'viewer',
      elevation: { role: 'viewer', grants: ['raise-limits'] },
    });
    const elsewhere = await invite('root@example.com', { place: '*', role: 'admin' });
    await invite('both@example.com', { place: 'default', role: 'viewer' });
    const both = await invite('both@example.com', { place: '*', role: 'viewer' });
    for (const [id, code] of [
      [more.user.id, 'FORBIDDEN'],
      [raised.user.id, 'FORBIDDEN'],
      [both.user.id, 'FORBIDDEN'],
      [elsewhere.user.id, 'NOT_FOUND'],
    ] as const) {
      expect((await ask('PUT', `/users/${id}/password-link`, {})).error?.code).toBe(code);
      expect((await ask('PUT', `/users/${id}`, { active: false })).error?.code).toBe(code);
    }
    expect((await ask('GET', `/users/${elsewhere.user.id}`)).error?.code).toBe('NOT_FOUND');
    expect((await ask('GET', `/users/${both.user.id}`)).memberships).toMatchObject([{ place: 'default' }]);
  });

  test('does not lock themselves out', async () => {
    const { user, visitor } = await openStage();
    const id = await user('eve@example.com', { role: 'admin' });
    const eve = visitor();
    await eve.signIn('eve@example.com');
    expect(errorOf(await eve.api('PUT', `/users/${id}`, { active: false })).code).toBe('INVALID_REQUEST');
    expect(await eve.isKnown()).toBe(true);
  });
});

describe('who guesses', () => {
  test('is told the same, after the same work, whether there is such a user or not', async () => {
    const { user, visitor } = await openStage({ passwordCost: COST });
    await user('ann@example.com');
    const work = async (email: string): Promise<number> => {
      const before = process.cpuUsage();
      expect(errorOf(await visitor().signIn(email, 'not the password'))).toEqual(WRONG);
      const { user: own, system } = process.cpuUsage(before);
      return own + system;
    };
    await work('nobody@example.com');
    const [known, unknown] = [await work('ann@example.com'), await work('nobody@example.com')];
    // A refusal without a hash takes a hundredth of one with it.
    expect(Math.max(known, unknown)).toBeLessThan(3 * Math.min(known, unknown));
  });

  test('waits, also with the right password, and nobody else does', { timeout: 30_000 }, async () => {
    const { user, visitor } = await openStage();
    await user('ann@example.com');
    const guesses = await Promise.all(
      Array.from({ length: 8 }, () => visitor().signIn('ann@example.com', 'not the password')),
    );
    const codes = guesses.map((page) => errorOf(page).code).toSorted();
    expect(codes).toEqual([
      ...Array<string>(3).fill('TOO_MANY_ATTEMPTS'),
      ...Array<string>(5).fill('UNAUTHENTICATED'),
    ]);
    const { status, headers } = await visitor().signIn('ann@example.com');
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(240);
    expect(errorOf(await visitor().signIn('bob@example.com'))).toEqual(WRONG);
  });
});

test('a caller who asks too often is told when to ask again; agents are not disturbed', async () => {
  const { collector, admin } = await openStage({ rateLimits: { perCaller: 3 } });
  for (let request = 0; request < 3; request++) await admin.get('/services');
  const { status, headers, body } = await admin.request('GET', '/services');
  expect(status).toBe(429);
  expect(body).toMatchObject({ error: { code: 'TOO_MANY_REQUESTS' } });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  await collector.agent();
});

test('ways to sign in are limited by address', async () => {
  const { visitor } = await openStage({ rateLimits: { perAddress: 3 } });
  const browser = visitor();
  const statuses: number[] = [];
  for (let request = 0; request < 4; request++)
    statuses.push((await browser.send(`${browser.url}/auth`)).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
});
