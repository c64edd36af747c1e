import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { API_PREFIX, CAPTURE_FILE_TYPE, GRANTS, ROLES, type MintedToken } from '@dormouse/protocol';
import { beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { IN_MEMORY, startCollector, type Collector } from '../../src/index.ts';
import { OPERATIONS } from '../../src/operations/operations.ts';
import { TestAgent } from '../support/agent.ts';
import { snapshotRequest, TestApi } from '../support/api.ts';
import { storageOf } from '../support/collector.ts';
import { MANIFEST_A } from '../support/manifest.ts';

/** Doors that are no operations: role × grants × tenant, as the matrix asks it of those. */

const ADMIN = 'the-admin-token-of-the-tests-0123456789';
const AGENT = 'the-agent-token-of-the-tests-0123456789';
const OWN = 'acme/shop/prod';
const FOREIGN = 'acme/shop/staging';
const NOWHERE = 'acme/shop/none';
const SECRET = '4111-in-a-variable';
/** What a stream tells at once is there by then, ms. */
const LISTEN_MS = 300;

interface Door {
  /** `beyond`: nobody who is bound to one environment. */
  readonly least: (typeof ROLES)[number] | 'beyond';
  /** It takes the grant `values`. */
  readonly values?: true;
  /** It is about no environment. */
  readonly isEverywhere?: true;
  /** What whoever may see one service only gets; `all` has nothing of any. */
  readonly limited: 'own' | 'nothing' | 'all';
  ask(token: string, environment: string): Promise<Answer>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

let collector: Collector;
const tokens = new Map<string, string>();

const of = (environment: string): string => `service-of-${environment.replaceAll('/', '-')}`;
const headersFor = (token: string, environment: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'dormouse-environment': environment,
});

/** What is answered within a moment: streams have no end. */
async function readOf(response: Response, abort: AbortController): Promise<string> {
  const timer = setTimeout(() => abort.abort(), LISTEN_MS);
  let text = '';
  try {
    for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString();
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  }
  clearTimeout(timer);
  return text;
}

const byHttp =
  (path: string, init: RequestInit = {}): Door['ask'] =>
  async (token, environment) => {
    const abort = new AbortController();
    const headers = { ...headersFor(token, environment), ...(init.headers as Record<string, string>) };
    const response = await fetch(collector.url + path, { ...init, headers, signal: abort.signal });
    return { status: response.status, text: await readOf(response, abort) };
  };

const byWebSocket =
  (path: string): Door['ask'] =>
  async (token, environment) => {
    const socket = new WebSocket(collector.url.replace('http', 'ws') + path, {
      headers: headersFor(token, environment),
    });
    let text = '';
    socket.on('message', (data: Buffer) => void (text += data.toString())).on('error', () => undefined);
    const refused = once(socket, 'unexpected-response').then(async ([, response]) => ({
      status: (response as IncomingMessage).statusCode!,
      text: (await (response as IncomingMessage).toArray()).join(''),
    }));
    const opened = once(socket, 'open').then(async () => {
      await new Promise((resolve) => setTimeout(resolve, LISTEN_MS));
      socket.close();
      return { status: 200, text };
    });
    return Promise.race([refused, opened]);
  };

const file = { method: 'POST', headers: { 'content-type': CAPTURE_FILE_TYPE }, body: 'no file' };

const DOORS: Readonly<Record<string, Door>> = {
  exportCaptures: {
    least: 'viewer',
    values: true,
    limited: 'nothing',
    ask: byHttp(`${API_PREFIX}/captures/export`),
  },
  importCaptures: { least: 'debugger', limited: 'nothing', ask: byHttp(`${API_PREFIX}/imports`, file) },
  stream: { least: 'viewer', limited: 'own', ask: byHttp(`${API_PREFIX}/stream?after=0`) },
  'stream by WebSocket': {
    least: 'viewer',
    limited: 'own',
    ask: byWebSocket(`${API_PREFIX}/stream?after=0`),
  },
  getProbeMetrics: {
    least: 'viewer',
    values: true,
    limited: 'nothing',
    ask: byHttp(`${API_PREFIX}/metrics/prometheus`),
  },
  backUp: { least: 'beyond', isEverywhere: true, limited: 'nothing', ask: byHttp(`${API_PREFIX}/backup`) },
  getOwnMetrics: { least: 'beyond', isEverywhere: true, limited: 'nothing', ask: byHttp('/metrics') },
  describeApi: {
    least: 'viewer',
    isEverywhere: true,
    limited: 'all',
    ask: byHttp(`${API_PREFIX}/openapi.json`),
  },
};

/** For whoever has no token yet, and those that tests of their own are about. */
const ELSEWHERE = /^(isAlive|isReady|listWaysIn|signIn|signOut|setPassword|connectAgent|askByMcp)|Provider$/;

async function settle(environment: string, service: string): Promise<void> {
  const admin = new TestApi(collector.url, ADMIN);
  const asked = { name: service, place: environment, kind: 'agent' };
  const { secret } = await admin.expect<MintedToken>('POST', '/tokens', asked);
  const agent = await TestAgent.connect(collector.url, secret, { service, instance: service }, MANIFEST_A);
  const probe = await admin.expect<{ id: string }>(
    'POST',
    `/probes?environment=${environment}`,
    snapshotRequest({ service }),
  );
  const value = { type: 'string', value: SECRET } as const;
  await agent.deliver([agent.capture(probe.id, { locals: [{ key: 'card', value }] })]);
}

async function mint(place: string, rights: object): Promise<string> {
  const admin = new TestApi(collector.url, ADMIN);
  return (await admin.expect<MintedToken>('POST', '/tokens', { name: 'for doors', place, ...rights })).secret;
}

beforeAll(async () => {
  const storage = await storageOf(IN_MEMORY);
  collector = await startCollector({
    port: 0,
    ...storage,
    logLevel: 'silent',
    adminToken: ADMIN,
    agentToken: AGENT,
  });
  const admin = new TestApi(collector.url, ADMIN);
  for (const place of ['acme', 'acme/shop', OWN, FOREIGN]) await admin.expect('POST', '/places', { place });
  await settle(OWN, of(OWN));
  await settle(OWN, 'another-service');
  await settle(FOREIGN, of(FOREIGN));
  for (const role of ROLES) {
    tokens.set(`${role} with grants`, await mint(OWN, { role, grants: GRANTS }));
    tokens.set(`${role} without grants`, await mint(OWN, { role, grants: [] }));
  }
  tokens.set('limited', await mint(OWN, { role: 'admin', grants: GRANTS, services: [of(OWN)] }));
  return () => collector.close();
}, 60_000);

test('no door is forgotten', async () => {
  const { text } = await DOORS['describeApi']!.ask(ADMIN, OWN);
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, { operationId?: string }>> };
  const ids = Object.values(paths).flatMap((path) =>
    Object.values(path).flatMap(({ operationId }) => operationId ?? []),
  );
  const operations = new Set(OPERATIONS.map(({ name }) => name));
  const others = ids.filter((id) => !operations.has(id) && !ELSEWHERE.test(id));
  expect(others.toSorted()).toEqual(
    Object.keys(DOORS)
      .filter((id) => !id.includes(' '))
      .toSorted(),
  );
});

test.each(Object.entries(DOORS))('%s is for who may', async (_name, { least, values, ask }) => {
  const refused: string[] = [];
  const expected: string[] = [];
  for (const [index, role] of ROLES.entries()) {
    for (const grants of ['with grants', 'without grants']) {
      const who = `${role} ${grants}`;
      const isHighEnough = least !== 'beyond' && index >= ROLES.indexOf(least);
      if (!isHighEnough || (values && grants === 'without grants')) expected.push(who);
      const { status, text } = await ask(tokens.get(who)!, OWN);
      expect(text).not.toContain(of(FOREIGN));
      if (grants === 'without grants') expect(text).not.toContain(SECRET);
      if (status === 403) refused.push(who);
      else expect([200, 422], `${who}: ${text}`).toContain(status);
    }
  }
  expect(refused).toEqual(expected);
});

test.each(Object.entries(DOORS).filter(([, { isEverywhere }]) => !isEverywhere))(
  '%s knows no environment but the caller’s own',
  async (_name, { ask }) => {
    const strong = tokens.get('admin with grants')!;
    const [nowhere, foreign] = [await ask(strong, NOWHERE), await ask(strong, FOREIGN)];
    expect(nowhere.status).toBe(404);
    expect(foreign).toEqual({ status: 404, text: nowhere.text.replaceAll(NOWHERE, FOREIGN) });
  },
);

test.each(Object.entries(DOORS))('%s shows of services the caller’s own', async (_name, { ask, limited }) => {
  const { status, text } = await ask(tokens.get('limited')!, OWN);
  expect(text).not.toContain('another-service');
  expect(status).toBe(limited === 'nothing' ? 403 : 200);
  expect([text.includes(of(OWN)), text.includes(SECRET)]).toEqual([limited === 'own', limited === 'own']);
});

test.each(Object.entries(DOORS))(
  '%s opens for no agent, and for nobody who is gone',
  async (_name, { ask }) => {
    expect((await ask(AGENT, OWN)).status).toBe(403);
    const admin = new TestApi(collector.url, ADMIN);
    const asked = { name: 'gone', place: '*', role: 'admin' };
    const { token, secret } = await admin.expect<MintedToken>('POST', '/tokens', asked);
    await admin.expect('DELETE', `/tokens/${token.id}`);
    expect((await ask(secret, OWN)).status).toBe(401);
  },
);
