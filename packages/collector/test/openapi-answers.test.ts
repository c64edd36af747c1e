import { createHash } from 'node:crypto';
import { API_PREFIX, CAPTURE_FILE_TYPE, LIMITS } from '@dormouse/protocol';
import { beforeAll, expect, test } from 'vitest';
import { openStage, PASSWORD, type Stage, type Visitor } from './access/support/people.ts';
import { openWebhookReceiver } from './out/support/webhook-receiver.ts';
import { ApiDocument, type DescribedRoute, type RawAnswer } from './support/api-document.ts';
import { snapshotRequest } from './support/api.ts';
import { makeManifest, RISK } from './support/manifest.ts';

/** What is really answered, by every route, is what the OpenAPI document says. */

const AGENT = 'the-agent-token-of-the-tests-0123456789';
const HERE = 'default/default/default';
const OPTIONS = { sendTo: ['127.0.0.1'], rateLimits: { perCaller: 1e9, perAddress: 1e9 } };

/** They speak another protocol, or need a provider. */
const LEFT_OUT = /^(connectAgent|askByMcp|(beginS|s)ignInByProvider|.*Provider)$/;

/** They ask for very much. */
const PATIENT = { timeout: 120_000 };

let document: ApiDocument;

beforeAll(async () => {
  const { api, close } = await openStage().then(({ collector }) => collector);
  document = new ApiDocument(await api.get('/openapi.json'));
  await close();
});

interface Asked {
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(stage: Stage, method: string, path: string, asked: Asked = {}): Promise<RawAnswer> {
  const { collector } = stage;
  const { body, token = collector.adminToken, headers = {} } = asked;
  const isText = typeof body === 'string';
  const response = await fetch(collector.url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const type = response.headers.get('content-type');
  const isEndless = type?.startsWith('text/event-stream') === true;
  if (isEndless) await response.body?.cancel();
  const answer = { status: response.status, type, text: isEndless ? '' : await response.text() };
  document.expectDescribed(method, path, answer);
  return answer;
}

/** A success, as the document describes it. */
async function succeed<Body>(stage: Stage, method: string, path: string, asked: Asked = {}): Promise<Body> {
  const { status, text, type } = await ask(stage, method, API_PREFIX + path, asked);
  expect(status, `${method} ${path}: ${text}`).toBeLessThan(300);
  return (type?.startsWith('application/json') === true ? JSON.parse(text) : text) as Body;
}

interface WithId {
  readonly id: string;
}

test('every route that succeeds answers as it is described', PATIENT, async () => {
  const stage = await openStage(OPTIONS);
  const { collector } = stage;
  const get = <Body>(path: string): Promise<Body> => succeed(stage, 'GET', path);
  const post = <Body = WithId>(path: string, body: unknown): Promise<Body> =>
    succeed(stage, 'POST', path, { body });
  const put = <Body>(path: string, body: unknown): Promise<Body> => succeed(stage, 'PUT', path, { body });
  const remove = (path: string): Promise<unknown> => succeed(stage, 'DELETE', path);

  const text = 'export function assess() {}\n';
  const hash = createHash('sha256').update(text).digest('hex');
  const manifest = makeManifest('d'.repeat(24), [{ ...RISK, hash }]);
  const agent = await collector.agent({}, manifest);
  const { buildId } = manifest;
  const at = 'service=trades&file=src/risk.ts';
  await put('/manifests?service=trades', manifest);
  await put(`/sources?${at}`, { text });
  for (const path of ['/services', '/agents', `/agents/${agent.identity.instance}`, `/builds/${buildId}`])
    await get(path);
  for (const path of [
    '/files?service=trades',
    '/functions?service=trades',
    `/points?${at}`,
    `/sources?${at}`,
  ])
    await get(path);
  await get('/sources/search?service=trades&text=assess');

  const probe = await post('/probes', snapshotRequest({ limits: { hits: 10 } }));
  const counter = await post('/probes', { ...snapshotRequest(), kind: 'counter' });
  await agent.deliver([agent.capture(probe.id), agent.capture(probe.id)]);
  const metric = { from: 1, to: 2, series: [{ count: 3 }] };
  await agent.deliver([agent.capture(counter.id, { kind: 'counter', metric })]);
  agent.report(probe.id, { seen: 2, matched: 2, captured: 2 });
  await agent.handled();
  await get('/probes');
  await get(`/probes/${probe.id}`);
  await get(`/probes/${probe.id}/wait?hits=1`);
  await post(`/probes/${probe.id}/extend`, { hits: 20 });
  await post(`/probes/${probe.id}/duplicate`, {});
  await get(`/metrics?probe=${counter.id}`);
  await get('/metrics/prometheus');
  const { captures } = await get<{ captures: WithId[] }>('/captures?where=score%20%3E%201');
  const [one, other] = captures as [WithId, WithId];
  await get(`/captures/${one.id}`);
  await get(`/captures/${one.id}/differences?to=${other.id}`);
  await post(`/captures/${one.id}/dry-run`, { condition: 'score > 1' });
  await get('/retention');
  await get('/stream');
  const file = await get<string>('/captures/export');
  const headers = { 'content-type': CAPTURE_FILE_TYPE };
  const imported = await succeed<WithId>(stage, 'POST', '/imports', { body: file, headers });
  await get('/imports');
  await get(`/imports/${imported.id}`);
  await remove(`/imports/${imported.id}`);

  await put('/templates/mine', { probe: probe.id });
  await get('/templates');
  await get('/templates/mine');
  await post('/templates/mine/place', {});
  await remove('/templates/mine');
  const group = await post('/groups', { name: 'incident' });
  await post(`/groups/${group.id}/probes`, { probes: [probe.id] });
  await get('/groups');
  await get(`/groups/${group.id}`);
  await post(`/groups/${group.id}/extend`, { expiresInMs: 600_000 });
  await remove(`/groups/${group.id}`);
  await remove(`/probes/${counter.id}`);

  await put('/policy', { deny: ['src/secret.ts'], redaction: { names: ['tenant'] } });
  await get('/policy');
  await get('/policies');
  await put('/kill-switch', { on: true, reason: 'an incident' });
  await put('/kill-switch', { on: false });

  const receiver = await openWebhookReceiver();
  await put('/otlp', { endpoint: receiver.url });
  await get('/otlp');
  await remove('/otlp');
  const webhook = await post('/webhooks', { url: receiver.url });
  await get('/webhooks');
  await post(`/webhooks/${webhook.id}/test`, undefined);
  await get(`/webhooks/${webhook.id}/deliveries`);
  await remove(`/webhooks/${webhook.id}`);

  await post('/places', { place: 'default/default/other' });
  await put('/places?place=default/default/other', { name: 'another' });
  await get('/places');
  await remove('/places?place=default/default/another&confirm=default/default/another');
  const { token } = await post<{ token: WithId }>('/tokens', { name: 'one', place: HERE });
  await get('/tokens');
  await post(`/tokens/${token.id}/rotate`, {});
  await remove(`/tokens/${token.id}`);
  const { secret } = await post<{ secret: string }>('/tokens', {
    name: 'raised',
    place: HERE,
    elevation: { role: 'admin', grants: ['values'] },
  });
  const raised = { role: 'admin', grants: ['values'], reason: 'an incident' };
  const elevation = await succeed<WithId>(stage, 'POST', '/elevations', { token: secret, body: raised });
  await get('/elevations');
  await remove(`/elevations/${elevation.id}`);

  const ann = await stage.user('ann@example.com');
  await get('/users');
  await get(`/users/${ann}`);
  await post('/users', { email: 'bob@example.com', place: HERE, role: 'viewer' });
  await put(`/users/${ann}`, { name: 'Ann' });
  const binding = await post('/bindings', { user: ann, place: HERE, role: 'debugger' });
  await get('/bindings');
  await remove(`/bindings/${binding.id}`);
  await visit(stage, stage.visitor());
  await put(`/users/${ann}/password-link`, {});

  await get('/audit');
  const { head } = await get<{ head: { sequence: number; hash: string } }>('/audit/head');
  await get(`/audit/verification?anchor=${head.sequence}:${head.hash}`);
  const dropped = await ask(stage, 'POST', `${API_PREFIX}/audit/checkpoints`, {
    body: { sequence: head.sequence, hash: head.hash },
  });
  expect([200, 201, 409, 501]).toContain(dropped.status);
  const backup = await ask(stage, 'GET', `${API_PREFIX}/backup`);
  expect([200, 501]).toContain(backup.status);
  await get('/openapi.json');
  for (const path of ['/healthz', '/readyz', '/metrics', '/auth']) await ask(stage, 'GET', path);

  const missing = document.routes.filter(({ id }) => !document.succeeded.has(id) && !LEFT_OUT.test(id));
  const onSome = backup.status === 501 ? ['backUp', 'dropAudit'] : [];
  expect(missing.map(({ id }) => id).filter((id) => !onSome.includes(id))).toEqual([]);
});

/** What a person does with a browser. */
async function visit(stage: Stage, ann: Visitor): Promise<void> {
  const { url } = ann;
  const asked = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const page = await ann.ask(url + path, { method, ...(body !== undefined && { body }) });
    document.expectDescribed(method, path, { ...page, type: page.headers['content-type'] });
    expect(page.status, `${method} ${path}: ${page.text}`).toBeLessThan(300);
    return JSON.parse(page.text);
  };
  const api = (method: string, path: string, body?: unknown): Promise<unknown> =>
    asked(method, API_PREFIX + path, body);

  await asked('POST', '/auth/password', { email: 'ann@example.com', password: PASSWORD });
  await api('GET', '/profile');
  const { token } = (await api('POST', '/profile/tokens', { name: 'cli' })) as { token: WithId };
  await api('GET', '/profile/tokens');
  await api('DELETE', `/profile/tokens/${token.id}`);
  await api('PUT', '/profile/password', { present: PASSWORD, next: 'seven onward gravel tulip' });
  await stage.visitor().signIn('ann@example.com', 'seven onward gravel tulip');
  const { sessions } = (await api('GET', '/sessions')) as { sessions: (WithId & { current: boolean })[] };
  await api('DELETE', `/sessions/${sessions.find(({ current }) => !current)!.id}`);
  const { path } = (await api('POST', '/console-links', {})) as { path: string };
  const opened = await stage.visitor().send(url + path, {
    headers: { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  });
  document.expectDescribed('GET', path, { ...opened, type: opened.headers['content-type'] });
  await asked('DELETE', '/auth/session');

  const request = { email: 'cid@example.com', place: 'default', role: 'viewer' };
  const { link } = await stage.admin.expect<{ link: { path: string } }>('POST', '/users', request);
  await asked('POST', '/auth/set-password', { code: link.path.split('=')[1], password: PASSWORD });
}

/** What is wrong with a request, at whatever route. */
const WRONG: readonly (Asked & { readonly query?: string })[] = [
  { token: '' },
  { token: AGENT },
  { headers: { 'dormouse-environment': 'no/such/place' } },
  { query: '?colour=red' },
  { body: '{' },
  { body: '[]' },
  { body: JSON.stringify('x'.repeat(LIMITS.bodyBytes)) },
];

test('every route refuses as it is described', PATIENT, async () => {
  const stage = await openStage({ ...OPTIONS, agentToken: AGENT });
  const problems: string[] = [];
  const refuse = async (
    { method, path }: DescribedRoute,
    { query = '', ...asked }: (typeof WRONG)[number],
  ) => {
    const isRead = method === 'GET' || method === 'DELETE';
    const { body = isRead ? undefined : {}, ...others } = asked;
    if (isRead && body !== undefined) return;
    const url = path.replaceAll(/\{\w+\}/g, 'none') + query;
    const { status } = await ask(stage, method, url, { ...others, body });
    if (status >= 500 && status !== 501) problems.push(`${method} ${path}: ${status}`);
  };
  const routes = document.routes.filter(({ id }) => !LEFT_OUT.test(id));
  for (const wrong of WRONG) {
    await Promise.all(
      routes.map((route) => refuse(route, wrong).catch((error: Error) => problems.push(error.message))),
    );
  }
  expect(problems).toEqual([]);
});
