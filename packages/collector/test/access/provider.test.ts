import type { InvitationView, LinkView } from '@dormouse/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { OidcOptions } from '../../src/auth/oidc/options.ts';
import { freePort } from '../../../../scripts/lib/free-port.ts';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { CLIENT, TestProvider, TOKEN_LIFE_S } from './support/provider.ts';
import { TestBrowser, type Page } from './support/browser.ts';
import { CHEAP, PASSWORD, Visitor } from './support/people.ts';

const ANN = {
  sub: '1',
  name: 'Ann',
  email: 'Ann@example.com',
  email_verified: true,
  groups: ['sre', 'people'],
};
const GROUPS = [{ group: 'sre', role: 'debugger', place: 'default/default' }] as const;

interface Stage {
  readonly collector: TestCollector;
  readonly provider: TestProvider;
  readonly browser: TestBrowser;
  /** Signs a person in, from the beginning. */
  signIn(person?: typeof ANN | Record<string, unknown>, browser?: TestBrowser): Promise<Page>;
}

type Change = Omit<Partial<OidcOptions>, 'issuer'> & { readonly issuer?: (own: string) => string };

async function open({ issuer = (own) => own, ...oidc }: Change = {}): Promise<Stage> {
  const port = await freePort();
  const provider = await TestProvider.start(`http://127.0.0.1:${port}/auth/provider/return`);
  const options = { issuer: issuer(provider.issuer), ...CLIENT, groups: GROUPS, ...oidc };
  const collector = await openCollector({ port, oidc: options, passwordCost: CHEAP });
  const browser = new TestBrowser();
  return {
    collector,
    provider,
    browser,
    signIn(person = ANN, by = browser) {
      provider.person = person as typeof ANN;
      return by.open(`${collector.url}/auth/provider?returnTo=/probes`);
    },
  };
}

const services = async ({ collector, browser }: Stage): Promise<number> =>
  (await browser.send(`${collector.url}/api/v1/services`)).status;
const placeProbe = async ({ collector, browser }: Stage): Promise<string> =>
  (
    await browser.ask(`${collector.url}/api/v1/probes`, {
      method: 'POST',
      body: { kind: 'snapshot', service: 'x', location: { file: 'a.ts', line: 1 } },
    })
  ).text;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('who signs in by a provider', () => {
  test('may do what their groups may, and comes back to where they wanted to go', async () => {
    const stage = await open();
    expect((await stage.signIn()).url.href).toBe(`${stage.collector.url}/probes`);
    expect(await services(stage)).toBe(200);
    expect(await placeProbe(stage)).toContain('UNKNOWN_SERVICE');
  });

  test('loses at the next sign-in what their groups no longer say', async () => {
    const stage = await open({ groups: [...GROUPS, { group: 'people', role: 'viewer', place: '*' }] });
    await stage.signIn();
    await stage.signIn({ ...ANN, groups: ['people'] });
    expect(await services(stage)).toBe(200);
    expect(await placeProbe(stage)).toContain('FORBIDDEN');
    expect((await stage.signIn({ ...ANN, groups: [] })).url.search).toBe('?trouble=stranger');
  });

  test.each([
    ['is in no group that may do anything', { ...ANN, groups: ['others'] }],
    ['has an address of another domain', { ...ANN, email: 'ann@example.org' }],
    ['has an address that the provider did not verify', { ...ANN, email_verified: false }],
    ['has none', { ...ANN, email: undefined }],
    ['has one that only ends like it', { ...ANN, email: 'ann@evil-example.com' }],
  ])('is turned away if who it is %s', async (_what, person) => {
    const stage = await open({ domains: ['example.com'] });
    expect((await stage.signIn(person)).url.href).toBe(`${stage.collector.url}/?trouble=stranger`);
    expect(stage.browser.cookie(stage.collector.url, 'session')).toBeUndefined();
    expect(await services(stage)).toBe(401);
  });

  test('is the person that was known before, whatever their address is now; another with that address is not', async () => {
    const stage = await open();
    await stage.signIn();
    await stage.signIn({ ...ANN, email: 'ann.lee@example.com' });
    expect(await services(stage)).toBe(200);
    const other = { ...ANN, sub: '2' };
    expect((await stage.signIn(other, new TestBrowser())).url.search).toBe('?trouble=stranger');
  });

  test('is who was invited with that address, and nobody else any more who could say so', async () => {
    const stage = await open();
    const { collector } = stage;
    const { api: admin } = collector;
    const invite = { email: 'ann@example.com', place: 'default', role: 'viewer' };
    const { user, link } = await admin.expect<InvitationView>('POST', '/users', invite);
    const another = await admin.expect<LinkView>('PUT', `/users/${user.id}/password-link`, {});
    const setPassword = (path: string) =>
      new TestBrowser().ask(`${collector.url}/auth/set-password`, {
        method: 'POST',
        body: { code: path.split('=')[1], password: PASSWORD },
      });
    const inviter = new Visitor(collector.url);
    expect((await setPassword(link!.path)).status).toBe(200);
    await inviter.signIn('ann@example.com');
    expect(await inviter.isKnown()).toBe(true);

    await stage.signIn();
    expect(await placeProbe(stage)).toContain('UNKNOWN_SERVICE');
    expect(await inviter.isKnown()).toBe(false);
    expect((await inviter.signIn('ann@example.com')).status).toBe(401);
    expect((await setPassword(another.path)).status).toBe(401);
    expect(await admin.fail('PUT', `/users/${user.id}/password-link`, {})).toMatchObject({
      code: 'CONFLICT',
    });
  });

  test('is signed out there as well', async () => {
    const stage = await open();
    await stage.signIn();
    const { text } = await stage.browser.ask(`${stage.collector.url}/auth/session`, { method: 'DELETE' });
    const url = new URL((JSON.parse(text) as { continueAt: string }).continueAt);
    expect(url.href.startsWith(`${stage.provider.issuer}/session/end?`)).toBe(true);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${stage.collector.url}/`);
    expect(await services(stage)).toBe(401);
  });

  test('does so after the provider has changed its keys', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const stage = await open();
    await stage.signIn();
    stage.provider.rotateKeys();
    vi.setSystemTime(Date.now() + 5 * 60_000);
    expect((await stage.signIn(ANN, new TestBrowser())).url.pathname).toBe('/probes');
  });
});

describe('an answer of the provider', () => {
  /** The address to which the provider sends a browser that came with this request, and the browser. */
  async function answerTo(stage: Stage, change: (request: URL) => void = () => {}): Promise<URL> {
    stage.provider.person = ANN;
    const { headers } = await stage.browser.send(`${stage.collector.url}/auth/provider`);
    let url = new URL(headers.location!);
    change(url);
    while (url.origin === stage.provider.issuer) {
      const page = await stage.browser.send(url);
      url = new URL(page.headers.location!, url);
    }
    return url;
  }

  async function refused(stage: Stage, answer: URL, browser = stage.browser): Promise<void> {
    const page = await browser.open(answer, 'cross-site');
    expect(page.url.href).toBe(`${stage.collector.url}/?trouble=provider`);
    expect(browser.cookie(stage.collector.url, 'session')).toBeUndefined();
  }

  test('is good once', async () => {
    const stage = await open();
    const answer = await answerTo(stage);
    const again = new TestBrowser();
    again.cookies.set(answer.host, new Map(stage.browser.cookies.get(answer.host)));
    expect((await stage.browser.open(answer, 'cross-site')).url.pathname).toBe('/');
    expect(await services(stage)).toBe(200);
    await refused(stage, answer, again);
  });

  test('is good for the browser that asked, and no other', async () => {
    const stage = await open();
    await refused(stage, await answerTo(stage), new TestBrowser());
  });

  test.each(['state', 'code', 'iss'])('is not good with another %s', async (parameter) => {
    const stage = await open();
    const answer = await answerTo(stage);
    answer.searchParams.set(parameter, parameter === 'iss' ? 'https://evil.example' : 'x'.repeat(43));
    await refused(stage, answer);
  });

  test('is not good without a code, or as an error', async () => {
    const stage = await open();
    const answer = await answerTo(stage);
    answer.searchParams.delete('code');
    answer.searchParams.set('error', 'access_denied');
    await refused(stage, answer);
  });

  test.each([
    ['nonce', 'another'],
    ['code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
  ])('is not good when it was asked for with another %s', async (parameter, value) => {
    const stage = await open();
    await refused(stage, await answerTo(stage, (request) => request.searchParams.set(parameter, value)));
  });

  test('is not good when its token has expired, unless our clock may be to blame', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const stage = await open();
    stage.provider.tokenAgeMs = (TOKEN_LIFE_S + 60) * 1_000;
    await refused(stage, await answerTo(stage));
    stage.provider.tokenAgeMs = (TOKEN_LIFE_S + 20) * 1_000;
    expect((await stage.browser.open(await answerTo(stage), 'cross-site')).url.pathname).toBe('/');
    expect(await services(stage)).toBe(200);
  });

  test('is not asked for where somebody else answers than whom the operator named', async () => {
    const stage = await open({ issuer: (issuer) => issuer.replace('127.0.0.1', 'localhost') });
    const page = await stage.browser.open(`${stage.collector.url}/auth/provider`);
    expect(page.url.href).toBe(`${stage.collector.url}/?trouble=provider`);
  });
});
