import { describe, expect, test } from 'vitest';
import { cookieForm } from '../../src/auth/sessions/cookie.ts';
import { refuseCrossSite, requireOpenedByPerson } from '../../src/auth/sessions/cross-site.ts';
import { isPrivate } from '../../src/auth/sessions/origin.ts';
import { networkOf } from '../../src/auth/users/network.ts';
import { SignInThrottle } from '../../src/auth/users/throttle.ts';
import { returnPath } from '../../src/http/sign-in/return-path.ts';

/** A request as fastify tells of it. */
const request = (url: string, ip = '127.0.0.1', headers: Record<string, string> = {}, method = 'POST') => {
  const { protocol, host, hostname } = new URL(url);
  return { protocol: protocol.slice(0, -1) as 'http' | 'https', host, hostname, ip, headers, method };
};

describe('a cookie', () => {
  test('is bound to its host and to encryption wherever there is some', () => {
    const form = {
      name: '__Host-dormouse-session',
      options: { path: '/', httpOnly: true, sameSite: 'lax', secure: true },
    };
    expect(cookieForm('session', request('https://dormouse.example'), undefined)).toEqual(form);
    expect(cookieForm('session', request('http://10.0.0.7:7447'), 'https://dormouse.example')).toEqual(form);
  });

  test('of one port on loopback is not that of another', () => {
    const names = ['http://localhost:7447', 'http://localhost:7448'].map(
      (url) => cookieForm('session', request(url), undefined).name,
    );
    expect(names).toEqual(['dormouse-session-7447', 'dormouse-session-7448']);
  });
});

describe('nobody reads along', () => {
  test.each([
    ['https://dormouse.example', '203.0.113.7', undefined],
    ['http://127.0.0.1:7447', '127.0.0.1', undefined],
    ['http://localhost:7447', '::1', undefined],
    ['http://[::1]:7447', '::ffff:127.0.0.1', undefined],
    ['http://10.0.0.7:7447', '10.0.0.1', 'https://dormouse.example'],
  ])('at %s from %s behind %s', (url, ip, publicUrl) => {
    expect(isPrivate(request(url, ip), publicUrl)).toBe(true);
  });

  test.each([
    ['http://dormouse.example', '203.0.113.7', undefined],
    // A proxy on the same machine that serves plain http to the world.
    ['http://dormouse.example', '127.0.0.1', undefined],
    // A name that was made to stand for another address.
    ['http://localhost:7447', '203.0.113.7', undefined],
    ['http://127.0.0.1.evil.example', '127.0.0.1', undefined],
    ['http://10.0.0.7:7447', '10.0.0.1', 'http://dormouse.example'],
  ])('is not so at %s from %s behind %s', (url, ip, publicUrl) => {
    expect(isPrivate(request(url, ip), publicUrl)).toBe(false);
  });
});

describe('what changes something', () => {
  const URL = 'http://localhost:7447';
  const own = { origin: URL, 'sec-fetch-site': 'same-origin', 'dormouse-console': '1' };

  test('is done for the collector’s own page', () => {
    expect(() => refuseCrossSite(request(URL, '127.0.0.1', own), undefined)).not.toThrow();
    const { 'sec-fetch-site': _, ...old } = own;
    expect(() => refuseCrossSite(request(URL, '127.0.0.1', old), undefined)).not.toThrow();
    const proxied = { ...own, origin: 'https://dormouse.example' };
    expect(() =>
      refuseCrossSite(request(URL, '10.0.0.1', proxied), 'https://dormouse.example/'),
    ).not.toThrow();
  });

  test.each([
    [{}],
    [{ ...own, origin: 'https://evil.example' }],
    [{ ...own, origin: 'null' }],
    [{ ...own, origin: 'http://localhost:7448' }],
    [{ ...own, origin: 'https://localhost:7447' }],
    [{ ...own, origin: `${URL}.evil.example` }],
    [{ ...own, 'sec-fetch-site': 'same-site' }],
    [{ ...own, 'sec-fetch-site': 'cross-site' }],
    [{ ...own, 'sec-fetch-site': 'none' }],
    [{ origin: URL, 'sec-fetch-site': 'same-origin' }],
    [{ 'dormouse-console': '1' }],
  ])('is not done for %o', (headers) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      expect(() => refuseCrossSite(request(URL, '127.0.0.1', headers, method), undefined)).toThrow();
    }
    expect(() => refuseCrossSite(request(URL, '127.0.0.1', headers, 'GET'), undefined)).not.toThrow();
  });
});

test('a link that signs in works for a person who opens it, and not for pages and previews', () => {
  const opens = (headers: Record<string, string>) => () => requireOpenedByPerson({ headers });
  expect(opens({})).not.toThrow();
  expect(opens({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).not.toThrow();
  expect(opens({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toThrow('address bar');
  expect(opens({ 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch;prerender' })).toThrow('address bar');
  expect(opens({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors' })).toThrow('address bar');
});

describe('after signing in', () => {
  test.each(['/', '/probes/p_1?tab=hits#latest', '/a%2f%2fb'])('the browser goes to %s', (path) => {
    expect(returnPath(path)).toBe(path);
  });

  test.each([
    undefined,
    '',
    'probes',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/a\\..\\..\\/evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
    '/.//evil.example',
  ])('it goes nowhere else: %j', (path) => {
    const target = new URL(returnPath(path), 'http://localhost:7447');
    expect(target.origin).toBe('http://localhost:7447');
    expect(returnPath(path)).toMatch(/^\/(?![/\\])/);
  });
});

test('addresses of one customer count as one', () => {
  expect(networkOf('203.0.113.7')).toBe('203.0.113.7');
  expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
  const same = ['2001:db8:1:2::1', '2001:0DB8:1:2:ffff::', '2001:db8:1:2:3:4:5:6'];
  expect(new Set(same.map(networkOf))).toEqual(new Set(['2001:db8:1:2::/64']));
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
});

describe('who guesses passwords waits', () => {
  const fail = (throttle: SignInThrottle, account: string, address: string, times: number): void => {
    for (let time = 0; time < times; time++) throttle.begin({ account, address }, 0);
  };

  test('after five failures, for that account and from there only', () => {
    const throttle = new SignInThrottle();
    fail(throttle, 'ann', '203.0.113.7', 5);
    expect(throttle.waitMs({ account: 'ann', address: '203.0.113.7' }, false, 1)).toBe(299_999);
    expect(throttle.waitMs({ account: 'ann', address: '203.0.113.8' }, false, 1)).toBe(0);
    expect(throttle.waitMs({ account: 'bob', address: '203.0.113.7' }, false, 1)).toBe(0);
    expect(throttle.waitMs({ account: 'ann', address: '203.0.113.7' }, false, 300_000)).toBe(0);
  });

  test('when one password is tried on many accounts', () => {
    const throttle = new SignInThrottle();
    for (let account = 0; account < 30; account++) fail(throttle, `user${account}`, '203.0.113.7', 1);
    expect(throttle.waitMs({ account: 'ann', address: '203.0.113.7' }, false, 1)).toBeGreaterThan(0);
    expect(throttle.waitMs({ account: 'ann', address: '203.0.113.8' }, false, 1)).toBe(0);
  });

  test('when many addresses try one account, while those whom it knows go on', () => {
    const throttle = new SignInThrottle();
    for (let host = 0; host < 50; host++) fail(throttle, 'ann', `203.0.113.${host}`, 1);
    expect(throttle.waitMs({ account: 'ann', address: '198.51.100.1' }, false, 1)).toBeGreaterThan(0);
    expect(throttle.waitMs({ account: 'ann', address: '198.51.100.1' }, true, 1)).toBe(0);
  });

  test('no longer once somebody knew the password', () => {
    const throttle = new SignInThrottle();
    fail(throttle, 'ann', '203.0.113.7', 4);
    throttle.begin({ account: 'ann', address: '203.0.113.7' }, 1);
    throttle.succeeded({ account: 'ann', address: '203.0.113.7' });
    expect(throttle.waitMs({ account: 'ann', address: '203.0.113.7' }, false, 2)).toBe(0);
  });
});
