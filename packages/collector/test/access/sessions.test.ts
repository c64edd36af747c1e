import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LinkView, SessionView } from '@dormouse/protocol';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ASK_AGAIN_MS } from '../../src/auth/doorkeeper.ts';
import { ABSOLUTE_MS, IDLE_MS } from '../../src/auth/sessions/sessions.ts';
import { errorOf, openStage, PASSWORD, Visitor } from './support/people.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('a link that opens the console', () => {
  test('signs in as whoever asked for it, once', async () => {
    const { link, visitor } = await openStage();
    const url = await link();
    const first = visitor();
    const page = await first.open(`${url}&returnTo=%2Fprobes%3Ftab%3Dhits`);
    expect(page.url.href).toBe(`${first.url}/probes?tab=hits`);
    expect(JSON.parse((await first.api('GET', '/profile')).text)).toMatchObject({
      kind: 'token',
      id: 'admin',
      memberships: [{ place: '*', role: 'admin' }],
    });
    const second = visitor();
    expect((await second.open(url)).url.search).toBe('?trouble=link');
    expect(await second.isKnown()).toBe(false);
  });

  test('is not spent by pages of others, nor by what previews it', async () => {
    const { link, visitor } = await openStage();
    const url = await link();
    const browser = visitor();
    expect((await browser.open(url, 'cross-site')).status).toBe(403);
    expect((await browser.send(url, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(403);
    expect(browser.session()).toBeUndefined();
    await browser.open(url);
    expect(await browser.isKnown()).toBe(true);
  });

  test('goes stale', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { link, visitor } = await openStage();
    const url = await link();
    vi.setSystemTime(Date.now() + 5 * 60_000);
    expect((await visitor().open(url)).url.search).toBe('?trouble=link');
  });

  test.each(['//evil.example', 'https://evil.example/', '/\\evil.example', '/%09/evil.example'])(
    'leads nowhere else: %s',
    async (returnTo) => {
      const { link, visitor } = await openStage();
      const page = await visitor().send(`${await link()}&returnTo=${encodeURIComponent(returnTo)}`);
      expect(new URL(page.headers.location!, page.url).origin).toBe(page.url.origin);
      expect(page.headers.location).not.toMatch(/^\/[/\\]/);
    },
  );
});

describe('a session', () => {
  test('is carried by a cookie that no script reads and no other site sends along', async () => {
    const { link, visitor } = await openStage();
    const browser = visitor();
    const { headers } = await browser.send(await link());
    const { port } = new URL(browser.url);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(`^dormouse-session-${port}=[\\w-]{43}; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax$`),
      ),
    ]);
    expect(headers['cache-control']).toBe('no-store');
  });

  test('has a new secret whenever somebody signs in; the one before is worth nothing', async () => {
    const { link, visitor } = await openStage();
    const browser = visitor();
    // What somebody else put there before: fixation.
    browser.put('x'.repeat(43));
    await browser.open(await link());
    const first = browser.session()!;
    expect(first).not.toBe('x'.repeat(43));
    await browser.open(await link());
    expect(browser.session()).not.toBe(first);
    const thief = visitor();
    thief.put(first);
    expect(errorOf(await thief.api('GET', '/profile'))).toEqual({
      code: 'UNAUTHENTICATED',
      message: 'The session has ended. Sign in again.',
    });
  });

  test('ends when it is not used, and some time in any case', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { link, visitor } = await openStage();
    const idle = visitor();
    const busy = visitor();
    await idle.open(await link());
    await busy.open(await link());
    for (let passed = 0; passed < ABSOLUTE_MS - IDLE_MS; passed += IDLE_MS - 1_000) {
      vi.setSystemTime(Date.now() + IDLE_MS - 1_000);
      expect(await busy.isKnown()).toBe(true);
    }
    expect(await idle.isKnown()).toBe(false);
    vi.setSystemTime(Date.now() + IDLE_MS - 1_000);
    expect(await busy.isKnown()).toBe(false);
  });

  test('is listed, and ended from another', async () => {
    const { link, visitor } = await openStage();
    const [one, other] = [visitor(), visitor()];
    await one.open(await link());
    await other.open(await link());
    const { sessions } = JSON.parse((await one.api('GET', '/sessions')).text) as { sessions: SessionView[] };
    expect(
      sessions
        .map(({ by, browser, current }) => ({ by, browser, current }))
        .toSorted((a) => (a.current ? -1 : 1)),
    ).toEqual([
      { by: 'link', browser: 'TestBrowser/1', current: true },
      { by: 'link', browser: 'TestBrowser/1', current: false },
    ]);
    const foreign = sessions.find(({ current }) => !current)!;
    expect((await one.api('DELETE', `/sessions/${foreign.id}`)).status).toBe(200);
    expect(await other.isKnown()).toBe(false);
    expect((await one.api('DELETE', `/sessions/${foreign.id}`)).status).toBe(404);
  });

  test('ends when its browser signs out', async () => {
    const { link, visitor } = await openStage();
    const browser = visitor();
    await browser.open(await link());
    const secret = browser.session()!;
    expect((await browser.ask(`${browser.url}/auth/session`, { method: 'DELETE' })).text).toBe('{}');
    expect(browser.session()).toBeUndefined();
    browser.put(secret);
    expect(await browser.isKnown()).toBe(false);
  });

  test('is nobody else’s to end', async () => {
    const { user, link, visitor } = await openStage();
    await user('ann@example.com');
    const [ann, admin] = [visitor(), visitor()];
    await ann.signIn('ann@example.com');
    await admin.open(await link());
    const { sessions } = JSON.parse((await admin.api('GET', '/sessions')).text) as {
      sessions: SessionView[];
    };
    expect((await ann.api('DELETE', `/sessions/${sessions[0]!.id}`)).status).toBe(404);
    expect(await admin.isKnown()).toBe(true);
  });

  test('gives way to a token that is sent along', async () => {
    const { collector, link, visitor } = await openStage();
    const browser = visitor();
    await browser.open(await link());
    const asked = await browser.send(`${browser.url}/api/v1/profile`, {
      headers: { authorization: `Bearer ${collector.agentToken}` },
    });
    expect(asked.status).toBe(403);
  });
});

describe('a page of another site', () => {
  const FOREIGN = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

  test('changes nothing with the session of who looks at it', async () => {
    const { admin, link, visitor } = await openStage();
    const browser = visitor();
    await browser.open(await link());
    const kill = { method: 'PUT', body: { on: true, reason: 'because' } };
    const url = `${browser.url}/api/v1/kill-switch`;
    for (const headers of [
      FOREIGN,
      { ...FOREIGN, 'dormouse-console': '1' },
      { ...FOREIGN, 'content-type': 'text/plain' },
      { origin: browser.url, 'sec-fetch-site': 'same-origin' },
      { 'dormouse-console': '1' },
      {},
    ]) {
      expect(errorOf(await browser.send(url, { ...kill, headers })).code).toBe('FORBIDDEN');
    }
    expect(await admin.get('/policy')).not.toHaveProperty('kill');
    const preflight = await browser.send(url, {
      method: 'OPTIONS',
      headers: { ...FOREIGN, 'access-control-request-method': 'PUT' },
    });
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await browser.ask(url, kill)).status).toBe(200);
  });

  test('signs nobody in or out', async () => {
    const { link, visitor } = await openStage();
    const browser = visitor();
    const body = { email: 'eve@example.com', password: PASSWORD };
    const signIn = await browser.send(`${browser.url}/auth/password`, {
      method: 'POST',
      body,
      headers: FOREIGN,
    });
    expect([signIn.status, browser.session()]).toEqual([403, undefined]);
    await browser.open(await link());
    expect(
      (await browser.send(`${browser.url}/auth/session`, { method: 'DELETE', headers: FOREIGN })).status,
    ).toBe(403);
    expect(await browser.isKnown()).toBe(true);
  });
});

describe('where others could read along', () => {
  test('nobody signs in', async () => {
    const { link, collector } = await openStage();
    const { port } = new URL(collector.url);
    const browser = new Visitor(collector.url);
    // By a name that is not of this machine, as through a proxy without TLS.
    const headers = { host: `dormouse.example:${port}` };
    const own = { ...headers, origin: `http://dormouse.example:${port}`, 'dormouse-console': '1' };
    for (const page of [
      await browser.send(await link(), { headers }),
      await browser.send(`${collector.url}/auth/password`, {
        method: 'POST',
        body: { email: 'ann@example.com', password: PASSWORD },
        headers: own,
      }),
    ]) {
      expect(errorOf(page).message).toMatch(/^Nobody can sign in here: on this way others could read along/);
      expect(page.headers['set-cookie']).toBeUndefined();
    }
  });

  test('is not so behind a proxy with TLS: cookies are sent by https only, and never by another host', async () => {
    const publicUrl = 'https://dormouse.example';
    const { admin, visitor } = await openStage({ publicUrl });
    const { path, url } = await admin.expect<LinkView>('POST', '/console-links', {});
    expect(url).toBe(publicUrl + path);
    const browser = visitor();
    const { headers } = await browser.send(browser.url + path, { headers: { host: 'dormouse.example' } });
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^__Host-dormouse-session=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
  });
});

describe('what a proxy says of whom it asks for', () => {
  const said = { host: 'dormouse.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' };

  test('is believed if the proxy is trusted', async () => {
    const { link, visitor } = await openStage({
      trustedProxies: ['127.0.0.0/8'],
      rateLimits: { perAddress: 1 },
    });
    const browser = visitor();
    const { headers } = await browser.send(await link(), { headers: said });
    expect(headers['set-cookie']?.[0]).toMatch(/^__Host-dormouse-session=.*; Secure/);
    const ask = async (address: string): Promise<number> =>
      (await browser.send(`${browser.url}/auth`, { headers: { ...said, 'x-forwarded-for': address } }))
        .status;
    expect([await ask('203.0.113.7'), await ask('203.0.113.8'), await ask('203.0.113.8')]).toEqual([
      429, 200, 429,
    ]);
  });

  test('is not, if it may be anybody', async () => {
    const { link, visitor } = await openStage({ rateLimits: { perAddress: 1 } });
    const browser = visitor();
    expect((await browser.send(await link(), { headers: said })).status).toBe(403);
    const other = { ...said, 'x-forwarded-for': '203.0.113.8' };
    expect((await browser.send(`${browser.url}/auth`, { headers: other })).status).toBe(429);
  });
});

test('sessions last when the collector is started again', async () => {
  const data = await mkdtemp(join(tmpdir(), 'dormouse-sessions-'));
  onTestFinished(() => rm(data, { recursive: true }));
  const { collector, link, visitor } = await openStage({ data });
  const browser = visitor();
  await browser.open(await link());
  await collector.close();
  await openStage({ data, port: Number(new URL(collector.url).port) });
  expect(await browser.isKnown()).toBe(true);
});

test('what lasts ends with the session', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { link, visitor } = await openStage();
  const browser = visitor();
  await browser.open(await link());
  const stream = await fetch(`${browser.url}/api/v1/stream`, {
    headers: { cookie: `dormouse-session-${new URL(browser.url).port}=${browser.session()}` },
  });
  const ended = stream.text();
  await vi.advanceTimersByTimeAsync(2 * ASK_AGAIN_MS);
  await browser.ask(`${browser.url}/auth/session`, { method: 'DELETE' });
  await vi.advanceTimersByTimeAsync(ASK_AGAIN_MS);
  expect(await ended).toMatch(/^retry: /);
});
