import { randomUUID } from 'node:crypto';
import {
  API_PREFIX,
  CAPTURE_FILE_TYPE,
  GRANTS,
  ROLES,
  type ErrorBody,
  type MintedToken,
  type ProbeView,
  type RoleName,
} from '@dormouse/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { IN_MEMORY, startCollector, type Collector } from '../../src/index.ts';
import { OPERATIONS } from '../../src/operations/operations.ts';
import { TestAgent } from '../support/agent.ts';
import { freshDatabase } from '../support/database.ts';
import { MANIFEST_A } from '../support/manifest.ts';
import { askFor, EXPECTATIONS, isAboutSomething, type Ask, type Ids } from './support/expectations.ts';

/** Every operation × role × grants × tenant. With `DORMOUSE_TEST_DATABASE` on PostgreSQL. */

const SERVER = process.env['DORMOUSE_TEST_DATABASE'];
const ADMIN = 'the-admin-token-of-the-tests-0123456789';

const OWN = 'acme/shop/prod';
const FOREIGN = {
  'another environment of the project': 'acme/shop/staging',
  'another project': 'acme/bank/prod',
  'another organisation': 'rival/shop/prod',
  'one that was deleted': 'acme/shop/gone',
};
const NOWHERE = 'no/such/place';

let collector: Collector;
let close: (() => Promise<void>)[] = [];
/** Secrets, by who has them. */
const tokens = new Map<string, string>();
const ids = new Map<string, Ids>();

const bogus: Ids = {
  place: NOWHERE,
  service: 'none',
  instance: 'none',
  build: 'none',
  probe: 'p_none',
  capture: 'none',
  group: 'g_none',
  template: 'none',
  import: 'i_none',
  webhook: 'w_none',
  token: 't_none',
  binding: 'b_none',
  elevation: 'e_none',
  user: 'u_none',
};

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly code: string | undefined;
}

async function ask(
  token: string,
  environment: string | undefined,
  { method, path, body }: Ask,
): Promise<Answer> {
  const response = await fetch(collector.url + API_PREFIX + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(environment !== undefined && { 'dormouse-environment': environment }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const code = response.status < 400 ? undefined : (JSON.parse(text) as ErrorBody).error.code;
  return { status: response.status, text, code };
}

async function get<Body>(environment: string | undefined, request: Ask): Promise<Body> {
  const { status, text } = await ask(ADMIN, environment, request);
  if (status >= 400) throw new Error(`${request.method} ${request.path}: ${text}`);
  return JSON.parse(text) as Body;
}

const mint = (place: string, extra: object = {}): Promise<MintedToken> =>
  get(undefined, { method: 'POST', path: '/tokens', body: { name: `for ${place}`, place, ...extra } });

/** Fills an environment with something of everything, under names that stand nowhere else. */
async function settle(place: string): Promise<void> {
  const mark = place.replaceAll('/', '-');
  const service = `service-of-${mark}`;
  const { secret } = await mint(place, { kind: 'agent' });
  const instance = `instance-of-${mark}`;
  const agent = await TestAgent.connect(collector.url, secret, { service, instance }, MANIFEST_A);
  close.push(() => agent.disconnect());
  const location = { file: 'src/risk.ts', line: 13 };
  const probe = await get<ProbeView>(place, {
    method: 'POST',
    path: '/probes',
    body: { kind: 'snapshot', service, location },
  });
  const capture = agent.capture(probe.id);
  await agent.deliver([capture]);
  const group = await get<{ id: string }>(place, { method: 'POST', path: '/groups', body: { name: mark } });
  // So unlike all others that none is suggested in its place.
  const template = randomUUID();
  await get(place, { method: 'PUT', path: `/templates/${template}`, body: { probe: probe.id } });
  const webhook = await get<{ id: string }>(place, {
    method: 'POST',
    path: '/webhooks',
    body: { url: 'https://9.9.9.9/never-sent', events: ['probe.verdict'] },
  });
  const { token } = await mint(place, { elevation: { role: 'admin', grants: [] } });
  const user = await get<{ user: { id: string; memberships: { id: string }[] } }>(undefined, {
    method: 'POST',
    path: '/users',
    body: { email: `${mark}@example.com`, place, role: 'viewer', grants: [] },
  });
  const elevated = await mint(place, { elevation: { role: 'admin', grants: [] } });
  const elevation = JSON.parse(
    (
      await ask(elevated.secret, place, {
        method: 'POST',
        path: '/elevations',
        body: { role: 'admin', grants: [], reason: `of ${mark}` },
      })
    ).text,
  ) as { id: string };
  ids.set(place, {
    place,
    service,
    instance,
    build: MANIFEST_A.buildId,
    probe: probe.id,
    capture: capture.id,
    group: group.id,
    template,
    import: await bringBack(place),
    webhook: webhook.id,
    token: token.id,
    binding: user.user.memberships[0]!.id,
    elevation: elevation.id,
    user: user.user.id,
  });
}

/** Imports what an environment has captured. @returns the id of the import */
async function bringBack(place: string): Promise<string> {
  const headers = { authorization: `Bearer ${ADMIN}`, 'dormouse-environment': place };
  const file = await fetch(`${collector.url}${API_PREFIX}/captures/export`, { headers });
  const response = await fetch(`${collector.url}${API_PREFIX}/imports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': CAPTURE_FILE_TYPE },
    body: await file.text(),
  });
  return ((await response.json()) as { id: string }).id;
}

beforeAll(async () => {
  collector = await startCollector({
    port: 0,
    data: IN_MEMORY,
    ...(SERVER !== undefined && { database: await freshDatabase(SERVER) }),
    logLevel: 'silent',
    adminToken: ADMIN,
    rateLimits: { perCaller: 1e9, perAddress: 1e9 },
  });
  const environments = [OWN, ...Object.values(FOREIGN)];
  const places = new Set(
    environments.flatMap((path) => path.split('/').map((_, n, all) => all.slice(0, n + 1).join('/'))),
  );
  for (const place of places) await get(undefined, { method: 'POST', path: '/places', body: { place } });
  for (const place of environments) await settle(place);
  for (const role of ROLES) {
    tokens.set(`${role} with grants`, (await mint(OWN, { role, grants: GRANTS })).secret);
    tokens.set(`${role} without grants`, (await mint(OWN, { role, grants: [] })).secret);
  }
  const gone = 'acme/shop/gone';
  tokens.set('admin of what was deleted', (await mint(gone, { role: 'admin' })).secret);
  await get(undefined, { method: 'DELETE', path: `/places?place=${gone}&confirm=${gone}` });

  return async () => {
    await Promise.all(close.map((end) => end()));
    close = [];
    await collector.close();
  };
}, 60_000);

const names = OPERATIONS.map(({ name }) => name);

test('every operation says who may do it', () => {
  expect(Object.keys(EXPECTATIONS).toSorted()).toEqual(names.toSorted());
});

/** Before anybody has asked for what is of others: what one has asked for oneself is in the audit trail. */
test.each(names)('%s tells nothing of others', async (name) => {
  for (const place of Object.values(FOREIGN)) {
    // A build is the same wherever it runs.
    const { place: _place, build: _build, ...foreign } = ids.get(place)!;
    const { text } = await ask(
      tokens.get('admin with grants')!,
      OWN,
      neutral(name, { ...bogus, place: OWN }),
    );
    for (const id of Object.values(foreign)) expect(text).not.toContain(id);
  }
});

describe.each(names)('%s', (name) => {
  const { least, grant } = EXPECTATIONS[name] ?? { least: 'beyond' as const };
  const isDirectory = OPERATIONS.find((one) => one.name === name)!.about === 'directory';
  const strong = (): string => tokens.get('admin with grants')!;

  test('is for who has the role and the grants', async () => {
    const refused: string[] = [];
    const expected: string[] = [];
    for (const role of ROLES) {
      for (const grants of ['with grants', 'without grants']) {
        const who = `${role} ${grants}`;
        const isAllowed = mayBe(role, least) && (grants === 'with grants' || grant === undefined);
        if (!isAllowed) expected.push(who);
        // What is not there changes nothing, and is refused no less.
        const own = { ...bogus, place: OWN, ...(grant && { capture: ids.get(OWN)!.capture }) };
        const { code } = await ask(tokens.get(who)!, OWN, askFor(name, own));
        expect(code).not.toBe('INTERNAL');
        if (code === 'FORBIDDEN') refused.push(who);
      }
    }
    expect(refused).toEqual(expected);
  });

  test.skipIf(isDirectory)('knows no environment but the caller’s own', async () => {
    const nowhere = await ask(strong(), NOWHERE, askFor(name, ids.get(OWN)!));
    expect(nowhere.code).toBe('NOT_FOUND');
    for (const place of Object.values(FOREIGN)) {
      const { status, text } = await ask(strong(), place, askFor(name, ids.get(place)!));
      expect({ status, text: text.replaceAll(place, NOWHERE) }).toEqual({ status: 404, text: nowhere.text });
    }
  });

  test.runIf(isAboutSomething(name))('answers for what is of others as for what there is not', async () => {
    const there = await ask(strong(), OWN, neutral(name, bogus));
    for (const place of Object.values(FOREIGN)) {
      const foreign = ids.get(place)!;
      const answer = await ask(strong(), OWN, neutral(name, foreign));
      expect(nameless(answer, foreign)).toEqual(nameless(there, bogus));
      expect(answer.text).not.toContain(`${place.replaceAll('/', '-')}"`);
    }
  });

  test('is closed with its environment', async () => {
    const { status } = await ask(tokens.get('admin of what was deleted')!, undefined, askFor(name, bogus));
    // Somebody who asks in vain too often is told that.
    expect([401, 429]).toContain(status);
  });
});

const mayBe = (role: RoleName, least: string): boolean =>
  least !== 'beyond' && ROLES.indexOf(role) >= ROLES.indexOf(least as RoleName);

/** A build is the same wherever it runs: its id is a hash of it. */
const neutral = (name: string, of: Ids): Ask => askFor(name, { ...of, build: 'none' });

/** An answer without the ids that the request had itself. */
function nameless({ status, text, code }: Answer, of: Ids): { status: number; text: string } {
  if (code === 'UNKNOWN_SERVICE') return { status, text: code };
  const own = [...Object.values(of), of.place.replace(/[^/]+$/, 'sibling'), 'none'].toSorted(
    (a, b) => b.length - a.length,
  );
  return { status, text: own.reduce((rest: string, id: string) => rest.replaceAll(id, '…'), text) };
}
