import type {
  CaptureView,
  ElevationView,
  GroupView,
  MintedToken,
  PlaceView,
  ProbeView,
  ProfileView,
  ServiceView,
  TemplateView,
  TokenView,
} from '@dormouse/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { matchesService } from '../../src/auth/service-pattern.ts';
import { OPERATIONS } from '../../src/operations/operations.ts';
import type { TestAgent } from '../support/agent.ts';
import { snapshotRequest, TestApi } from '../support/api.ts';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { MANIFEST_A } from '../support/manifest.ts';
import { obey, TestMcp } from '../support/mcp.ts';
import { askFor, EXPECTATIONS, type Ids } from './support/expectations.ts';
import { errorOf, openStage } from './support/people.ts';

const DEFAULT = 'default/default/default';

let collector: TestCollector;
let api: TestApi;

beforeEach(async () => {
  collector = await openCollector();
  api = collector.api;
});

const mint = (extra: object = {}): Promise<MintedToken> =>
  api.expect('POST', '/tokens', { name: 'for a test', place: DEFAULT, ...extra });

/** Somebody with a new token. */
async function somebody(extra: object = {}): Promise<TestApi> {
  return new TestApi(collector.url, (await mint(extra)).secret);
}

describe('a token', () => {
  test('is shown once, with its secret; afterwards only what it may', async () => {
    const { token, secret } = await mint({ role: 'debugger', services: ['pay-*'], expiresInMs: 60_000 });
    expect(secret).toMatch(/^dma_/);
    expect(token).toMatchObject({
      place: DEFAULT,
      role: 'debugger',
      grants: ['values'],
      services: ['pay-*'],
    });
    const { tokens } = await api.get<{ tokens: TokenView[] }>('/tokens');
    expect(tokens.map(({ id }) => id).toSorted()).toEqual(['admin', 'agent', token.id].toSorted());
    expect(JSON.stringify(tokens)).not.toContain(secret);
  });

  test('is good with both secrets while they overlap, and with none when it is revoked', async () => {
    const { token, secret } = await mint();
    const before = new TestApi(collector.url, secret);
    const rotated = await api.expect<MintedToken>('POST', `/tokens/${token.id}/rotate`, {});
    const after = new TestApi(collector.url, rotated.secret);
    for (const one of [before, after]) expect(await one.get('/services')).toEqual({ services: [] });
    await api.expect('POST', `/tokens/${token.id}/rotate`, { overlapMs: 0 });
    expect((await after.fail('GET', '/services')).code).toBe('UNAUTHENTICATED');
    await api.expect('DELETE', `/tokens/${token.id}`);
    expect((await before.fail('GET', '/services')).code).toBe('UNAUTHENTICATED');
    expect((await api.fail('DELETE', `/tokens/${token.id}`)).code).toBe('NOT_FOUND');
  });

  test('ends when its time is over, and says so', async () => {
    const { secret } = await mint({ expiresInMs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { code, message } = await new TestApi(collector.url, secret).fail('GET', '/services');
    expect([code, message]).toEqual(['UNAUTHENTICATED', 'The token “for a test” has expired.']);
  });

  test('gives no more than whoever makes it has, and no user’s rights without a user', async () => {
    const admin = await somebody({ role: 'admin', grants: ['values'] });
    const body = { name: 'more', place: DEFAULT, role: 'debugger' };
    expect(await admin.fail('POST', '/tokens', { ...body, grants: ['raise-limits'] })).toMatchObject({
      code: 'FORBIDDEN',
      path: 'grants',
    });
    const elevation = { role: 'admin', grants: ['agent-expressions'] };
    expect((await admin.fail('POST', '/tokens', { ...body, elevation })).code).toBe('FORBIDDEN');
    expect((await admin.fail('POST', '/tokens', { ...body, place: '*' })).code).toBe('FORBIDDEN');
    expect((await admin.fail('POST', '/tokens', { ...body, isOwn: true })).code).toBe('INVALID_REQUEST');
    expect((await admin.fail('POST', '/tokens/admin/rotate', {})).code).toBe('NOT_FOUND');
    await admin.expect('POST', '/tokens', body);
  });

  test('of agents opens their door in one environment, until it is revoked', async () => {
    expect((await api.fail('POST', '/tokens', { name: 'x', kind: 'agent', place: 'default' })).code).toBe(
      'INVALID_REQUEST',
    );
    const { token, secret } = await mint({ kind: 'agent', role: 'admin' });
    expect(token).toMatchObject({ kind: 'agent', role: 'viewer', grants: [] });
    expect((await new TestApi(collector.url, secret).fail('GET', '/services')).code).toBe('FORBIDDEN');
    const agent = await collector.agent({}, MANIFEST_A, secret);
    const closed = agent.closed();
    await api.expect('DELETE', `/tokens/${token.id}`);
    expect(await closed).toMatchObject({ reason: 'the token was revoked, or has expired' });
  });
});

describe('places', () => {
  test('are made, renamed and deleted, and each environment has what is its own', async () => {
    for (const place of ['acme', 'acme/shop', 'acme/shop/prod'])
      await api.expect('POST', '/places', { place });
    expect((await api.fail('POST', '/places', { place: 'acme' })).code).toBe('CONFLICT');
    expect((await api.fail('POST', '/places', { place: 'Acme Shop' })).code).toBe('INVALID_REQUEST');
    expect((await api.fail('POST', '/places', { place: 'none/shop' })).code).toBe('NOT_FOUND');
    expect(await api.fail('GET', '/services')).toMatchObject({
      code: 'INVALID_REQUEST',
      suggestions: ['acme/shop/prod', DEFAULT],
    });

    const prod = await somebody({ place: 'acme/shop/prod', role: 'admin' });
    const { secret } = await mint({ kind: 'agent', place: 'acme/shop/prod' });
    const agent = await collector.agent({}, MANIFEST_A, secret);
    const { id } = await prod.snapshot();
    await expect.poll(() => agent.told).toEqual([id]);
    await agent.deliver([agent.capture(id)]);
    const { captures } = await prod.get<{ captures: CaptureView[] }>('/captures?after=0');
    expect(captures).toHaveLength(1);
    for (const cursor of ['0', captures[0]!.cursor]) {
      const query = `after=${cursor}&environment=${DEFAULT}`;
      expect(await api.get(`/captures?${query}`)).toMatchObject({ captures: [] });
    }
    expect(await api.get(`/services?environment=${DEFAULT}`)).toEqual({ services: [] });

    await api.expect('PUT', '/places?place=acme/shop', { name: 'store' });
    const { places } = await prod.get<{ places: PlaceView[] }>('/places');
    expect(places.map(({ place }) => place)).toEqual(['acme', 'acme/store', 'acme/store/prod']);
    expect((await prod.get<ProfileView>('/profile')).environments).toEqual(['acme/store/prod']);

    expect(await api.fail('DELETE', '/places?place=acme')).toMatchObject({
      code: 'CONFLICT',
      message:
        'This deletes 1 environment, 1 service, 1 active probe, 2 tokens, and all captures there. Say so with confirm=acme.',
    });
    const closed = agent.closed();
    await api.expect('DELETE', '/places?place=acme&confirm=acme');
    expect(await closed).toMatchObject({ reason: 'its environment is gone' });
    expect((await prod.fail('GET', '/services')).code).toBe('UNAUTHENTICATED');
    expect(await api.get('/services')).toEqual({ services: [] });
  });
});

describe('who may see some services', () => {
  const MINE = 'trades';
  const THEIRS = 'secret-vault';
  let limited: TestApi;
  let ids: Ids;
  let agents: TestAgent[];

  beforeEach(async () => {
    agents = [
      await collector.agent({ service: MINE }, MANIFEST_A),
      await collector.agent({ service: THEIRS, instance: 'instance-of-theirs' }, MANIFEST_A),
    ];
    const mine = await api.snapshot();
    const theirs = await api.snapshot({ service: THEIRS });
    await agents[0]!.deliver([agents[0]!.capture(mine.id)]);
    const capture = agents[1]!.capture(theirs.id);
    await agents[1]!.deliver([capture]);
    const group = await api.expect<{ id: string }>('POST', '/groups', { name: 'theirs' });
    await api.expect('POST', `/groups/${group.id}/probes`, { probes: [theirs.id] });
    limited = await somebody({ role: 'admin', services: ['trad*'] });
    ids = {
      place: DEFAULT,
      service: THEIRS,
      instance: 'instance-of-theirs',
      build: MANIFEST_A.buildId,
      probe: theirs.id,
      capture: capture.id,
      group: group.id,
      template: 'none',
      import: 'i_none',
      webhook: 'w_none',
      token: 'agent',
      binding: 'b_none',
      elevation: 'e_none',
      user: 'u_none',
    };
  });

  test('gets nothing of others, whatever is asked', async () => {
    for (const { name } of OPERATIONS.filter(({ about }) => about === 'environment')) {
      const { method, path, body } = askFor(name, ids);
      const answer = await limited.request<unknown>(method, path, body);
      const asked = path + JSON.stringify(body);
      const text = JSON.stringify(answer.body);
      for (const foreign of [THEIRS, ids.probe, ids.capture, ids.instance]) {
        if (!asked.includes(foreign)) expect(text, name).not.toContain(foreign);
      }
      const isList = EXPECTATIONS[name]!.id === undefined && answer.status < 400;
      // What is no request at all is told so first.
      if (!isList) expect([400, 403, 404], `${name} ${text}`).toContain(answer.status);
    }
    const { state } = await api.get<ProbeView>(`/probes/${ids.probe}`);
    expect(state).toBe('active');
  });

  test('has what is of its own', async () => {
    const { services } = await limited.get<{ services: ServiceView[] }>('/services');
    expect(services.map(({ service }) => service)).toEqual([MINE]);
    const { captures } = await limited.get<{ captures: CaptureView[] }>('/captures');
    expect(captures.map(({ service, withheld }) => [service, withheld])).toEqual([[MINE, undefined]]);
    const { id } = await limited.snapshot();
    await limited.expect('DELETE', `/probes/${id}`);
    const { message } = await limited.refuse({ service: 'tradez' });
    expect(message).toBe('There is no such service that you may see.');
    expect(await limited.get(`/agents/${agents[0]!.identity.instance}`)).toMatchObject({ service: MINE });
  });

  test('gets whole pages, however much there is of others, and is told of none of it', async () => {
    const others = await Promise.all([1, 2, 3].map(() => api.snapshot({ service: THEIRS })));
    await agents[1]!.deliver(others.map(({ id }) => agents[1]!.capture(id)));
    const { probes } = await limited.get<{ probes: ProbeView[] }>('/probes?limit=1');
    expect(probes.map(({ service }) => service)).toEqual([MINE]);
    const search = `/captures?order=newest&limit=1&instance=${agents[0]!.identity.instance}`;
    expect(await limited.get(search)).toMatchObject({
      captures: [{ service: MINE }],
      scope: { examined: 1, complete: true },
    });
    const none = await limited.get<{ captures: []; next?: string; scope: object }>('/captures?where=none');
    expect(none).toMatchObject({ captures: [], scope: { examined: 1, complete: true } });
    expect((await api.get<{ scope: object }>('/captures?where=none')).scope).toMatchObject({ examined: 5 });
  });

  describe('with groups', () => {
    const begin = (who: TestApi, name: string): Promise<GroupView> => who.expect('POST', '/groups', { name });
    const listed = async (who: TestApi): Promise<string[]> =>
      (await who.get<{ groups: GroupView[] }>('/groups')).groups.map(({ name }) => name).toSorted();

    test('begins, uses and ends one of their own', async () => {
      const group = await begin(limited, 'mine');
      expect(group).not.toHaveProperty('createdBy');
      expect(await listed(limited)).toEqual(['mine']);
      const probe = await limited.snapshot({ group: group.id });
      const path = `/groups/${group.id}`;
      const other = await limited.snapshot();
      await limited.expect('POST', `${path}/probes`, { probes: [other.id] });
      await limited.expect('POST', `${path}/extend`, { expiresInMs: 60_000 });
      await agents[0]!.deliver([agents[0]!.capture(probe.id)]);
      expect(await limited.get(path)).toMatchObject({ probes: [other.id, probe.id], active: 2, hits: 1 });
      const { captures } = await limited.get<{ captures: CaptureView[] }>(`/captures?group=${group.id}`);
      expect(captures).toHaveLength(1);
      expect(await limited.expect('DELETE', path)).toMatchObject({ state: 'ended', active: 0 });
    });

    test('sees of one with others’ probes its own, and changes nothing of it', async () => {
      const group = await begin(api, 'both');
      const mine = await api.snapshot({ group: group.id });
      await api.snapshot({ service: THEIRS, group: group.id });
      const path = `/groups/${group.id}`;
      expect(await listed(limited)).toEqual(['both']);
      expect(await limited.get(path)).toMatchObject({ probes: [mine.id], active: 1 });
      const { probes } = await limited.get<{ probes: ProbeView[] }>(`/probes?group=${group.id}`);
      expect(probes.map(({ id }) => id)).toEqual([mine.id]);
      for (const [method, of, body] of [
        ['POST', `${path}/extend`, { expiresInMs: 60_000 }],
        ['POST', `${path}/probes`, { probes: [mine.id] }],
        ['DELETE', path],
      ] as const)
        expect(await limited.fail(method, of, body)).toMatchObject({ code: 'FORBIDDEN', path: 'group' });
      expect(await limited.refuse({ group: group.id })).toMatchObject({ code: 'FORBIDDEN', path: 'group' });
      expect(await api.get(path)).toMatchObject({ state: 'active', active: 2 });
    });

    test('knows of none that is of others, nor takes their probes into its own', async () => {
      const empty = await begin(api, 'still without probes');
      expect(await listed(limited)).toEqual([]);
      for (const id of [ids.group, empty.id]) {
        for (const path of [
          `/groups/${id}`,
          `/probes?group=${id}`,
          `/captures?group=${id}`,
          `/stream?group=${id}`,
        ])
          expect((await limited.fail('GET', path)).code, path).toBe('NOT_FOUND');
        expect((await limited.fail('DELETE', `/groups/${id}`)).code).toBe('NOT_FOUND');
        expect((await limited.refuse({ group: id })).code).toBe('NOT_FOUND');
      }
      const group = await begin(limited, 'mine');
      const take = await limited.fail('POST', `/groups/${group.id}/probes`, { probes: [ids.probe] });
      const none = await limited.fail('POST', `/groups/${group.id}/probes`, { probes: ['p_none'] });
      expect(take).toEqual({ ...none, message: none.message.replace('p_none', ids.probe) });
      expect(await limited.get(`/groups/${group.id}`)).toMatchObject({ probes: [] });
    });
  });

  describe('with templates', () => {
    const requestFor = (service: string) => ({ request: snapshotRequest({ service }) });
    const ofAny = {
      request: snapshotRequest({ service: '@{service}' }),
      parameters: { service: { type: 'text' } },
    };
    const save = (who: TestApi, name: string, template: object): Promise<TemplateView> =>
      who.expect('PUT', `/templates/${name}`, template);

    test('saves, places and removes those of their services', async () => {
      await save(limited, 'mine', requestFor(MINE));
      expect(await save(limited, 'mine', requestFor(MINE))).toMatchObject({ version: 2, service: MINE });
      const { probes } = await limited.get<{ probes: ProbeView[] }>('/probes');
      await save(limited, 'again', { probe: probes[0]!.id });
      expect(await limited.expect('POST', '/templates/mine/place', {})).toMatchObject({ service: MINE });
      const { templates } = await limited.get<{ templates: TemplateView[] }>('/templates');
      expect(templates.map(({ name }) => name)).toEqual(['again', 'mine']);
      await limited.expect('DELETE', '/templates/mine');
      expect((await api.fail('GET', '/templates/mine')).code).toBe('NOT_FOUND');
    });

    test('reads and places those for any service, in their own', async () => {
      await save(api, 'any', ofAny);
      expect(await limited.get('/templates/any')).toMatchObject({ name: 'any' });
      const place = { values: { service: MINE } };
      expect(await limited.expect('POST', '/templates/any/place', place)).toMatchObject({ service: MINE });
      const elsewhere = { values: { service: THEIRS } };
      expect((await limited.fail('POST', '/templates/any/place', elsewhere)).code).toBe('FORBIDDEN');
      for (const [method, body] of [['PUT', ofAny], ['PUT', requestFor(MINE)], ['DELETE']] as const)
        expect((await limited.fail(method, '/templates/any', body)).code).toBe('FORBIDDEN');
    });

    test('neither sees nor replaces those of others, nor makes one of them', async () => {
      await save(api, 'theirs', requestFor(THEIRS));
      for (const [method, path, body] of [
        ['GET', '/templates/theirs'],
        ['DELETE', '/templates/theirs'],
        ['POST', '/templates/theirs/place', {}],
        ['PUT', '/templates/theirs', requestFor(MINE)],
        ['PUT', '/templates/new', { probe: ids.probe }],
      ] as const)
        expect((await limited.fail(method, path, body)).code, path).toBe('NOT_FOUND');
      expect((await limited.fail('PUT', '/templates/new', requestFor(THEIRS))).code).toBe('UNKNOWN_SERVICE');
      expect((await limited.fail('PUT', '/templates/new', ofAny)).code).toBe('FORBIDDEN');
      const { suggestions } = await limited.fail('GET', '/templates/their');
      expect(suggestions).toEqual([]);
    });

    test('sees no version that was of others', async () => {
      await save(api, 'moved', requestFor(THEIRS));
      await save(api, 'moved', requestFor(MINE));
      expect(await limited.get('/templates/moved')).toMatchObject({ version: 2 });
      expect((await limited.fail('GET', '/templates/moved?version=1')).code).toBe('NOT_FOUND');
      const place = { version: 1 };
      expect((await limited.fail('POST', '/templates/moved/place', place)).code).toBe('NOT_FOUND');
    });
  });
});

test('patterns of services', () => {
  const cases: [readonly string[], string, boolean][] = [
    [[], 'any', true],
    [['a'], 'a', true],
    [['a'], 'ab', false],
    [['a*'], 'ab', true],
    [['*b'], 'ab', true],
    [['a*b*c'], 'a-b-c', true],
    [['a*b*c'], 'a-c', false],
    [['ab*ba'], 'aba', false],
    [['x', '*'], 'any', true],
    [['.*'], 'a', false],
  ];
  for (const [patterns, service, expected] of cases) expect(matchesService(patterns, service)).toBe(expected);
});

describe('grants', () => {
  test('without values captures show their shape, and say so', async () => {
    const agent = await collector.agent({}, MANIFEST_A);
    const { id } = await api.snapshot();
    const capture = agent.capture(id, {
      locals: [
        { key: 'card', value: { type: 'string', value: '4111-secret' } },
        {
          key: 'order',
          value: {
            type: 'object',
            class: 'Order',
            properties: [{ key: 'total', value: { type: 'number', value: 4711 } }],
          },
        },
      ],
      watches: [{ source: 'order.total', value: { type: 'number', value: 4711 } }],
      context: { user: 'u-4711' },
    });
    await agent.deliver([capture]);
    const viewer = await somebody();
    const { captures } = await viewer.get<{ captures: CaptureView[] }>('/captures');
    expect(captures).toMatchObject([
      {
        withheld: 'values',
        locals: [
          { key: 'card', value: { type: 'redacted', rule: 'not granted: string' } },
          { key: 'order', value: { class: 'Order', properties: [{ key: 'total' }] } },
        ],
      },
    ]);
    const shown = JSON.stringify([captures, await viewer.get(`/captures/${capture.id}`)]);
    expect(shown).not.toMatch(/4711|secret/);
    const reader = await somebody({ grants: ['values'] });
    expect(JSON.stringify(await reader.get('/captures'))).toContain('4111-secret');
  });

  test('expressions by way of an AI agent, and limits above the defaults, take theirs', async () => {
    const agent = await collector.agent({}, MANIFEST_A);
    obey(agent);
    const { secret } = await mint({ role: 'debugger' });
    const person = new TestApi(collector.url, secret);
    await person.snapshot({ condition: 'score > 1' });
    expect(await person.refuse({ limits: { hits: 1_000 } })).toMatchObject({
      code: 'FORBIDDEN',
      path: 'limits.hits',
    });
    const mcp = await TestMcp.connect(collector.url, secret);
    const probe = { kind: 'snapshot', service: 'trades', file: 'src/risk.ts', line: 13 };
    expect(await mcp.refused('place_probe', { ...probe, condition: 'score > 1' })).toMatchObject({
      code: 'FORBIDDEN',
      path: 'condition',
    });
    await mcp.ask('place_probe', probe);
  });
});

describe('expressions of AI agents', () => {
  const counter = { kind: 'counter', location: { file: 'src/risk.ts', line: 13 } };
  test.each<[field: string, request: object]>([
    ['condition', { condition: 'score > 1' }],
    ['watches', { watches: ['score'] }],
    ['template', { kind: 'log', template: 'score {score}' }],
    ['expect', { kind: 'check', expect: 'score > 1' }],
    ['value', { ...counter, kind: 'gauge', value: 'score' }],
    ['by', { ...counter, by: 'score' }],
    ['attributes', { kind: 'tag', attributes: { score: 'score' } }],
  ])('take a grant: %s', async (path, request) => {
    await collector.agent({}, MANIFEST_A);
    const rights = { role: 'debugger', grants: ['values'] };
    const ai = await somebody({ ...rights, isForAi: true });
    expect(await ai.refuse(request)).toMatchObject({ code: 'FORBIDDEN', path });
    const saved = { request: snapshotRequest(request) };
    await api.expect('PUT', '/templates/saved', saved);
    expect((await ai.fail('POST', '/templates/saved/place', {})).path).toBe(path);
    await (await somebody(rights)).snapshot(request);
    await (
      await somebody({ ...rights, grants: ['values', 'agent-expressions'], isForAi: true })
    ).snapshot(request);
  });
});

test('captured values go to webhooks only of who may read them', async () => {
  collector = await openCollector({ sendTo: ['127.0.0.0/8'] });
  api = collector.api;
  const webhook = { url: 'http://127.0.0.1/', values: true };
  const admin = await somebody({ role: 'admin', grants: [] });
  expect(await admin.fail('POST', '/webhooks', webhook)).toMatchObject({ code: 'FORBIDDEN', path: 'values' });
  expect(await admin.fail('POST', '/webhooks', { ...webhook, service: 'trades' })).toMatchObject({
    code: 'FORBIDDEN',
    path: 'values',
  });
  await admin.expect('POST', '/webhooks', { ...webhook, values: false });
  await api.expect('POST', '/webhooks', webhook);
});

test('captured values of one service go to webhooks only of who may read those', async () => {
  const { admin, user, visitor } = await openStage();
  const id = await user('ann@example.com', { role: 'admin', grants: [] });
  const binding = { user: id, place: DEFAULT, role: 'viewer', grants: ['values'], services: ['trades'] };
  await admin.expect('POST', '/bindings', binding);
  const ann = visitor();
  await ann.signIn('ann@example.com');
  const ask = async (service: string): Promise<object> => {
    const webhook = { url: 'http://127.0.0.1/', values: true, service };
    return errorOf(await ann.api('POST', '/webhooks', webhook));
  };
  expect(await ask('secret-vault')).toMatchObject({ code: 'FORBIDDEN', path: 'values' });
  // Only now it is asked where they would go.
  expect(await ask('trades')).toMatchObject({ code: 'INVALID_REQUEST', path: 'url' });
});

describe('elevation', () => {
  test('gives more for a time, with a reason, and is ended early; it changes no access', async () => {
    const { token, secret } = await mint({ elevation: { role: 'admin', grants: ['values'] } });
    const caller = new TestApi(collector.url, secret);
    await collector.agent({}, MANIFEST_A);
    expect((await caller.refuse({})).code).toBe('FORBIDDEN');
    const asked = { role: 'admin', grants: ['values'], reason: 'incident 4711' };
    expect((await caller.fail('POST', '/elevations', { ...asked, grants: ['raise-limits'] })).code).toBe(
      'FORBIDDEN',
    );
    const elevation = await caller.expect<ElevationView>('POST', '/elevations', asked);
    expect(elevation).toMatchObject({ subject: { kind: 'token', id: token.id }, environment: DEFAULT });
    expect(elevation.endsAt - elevation.startedAt).toBe(3_600_000);

    await caller.snapshot();
    expect((await caller.fail('POST', '/tokens', { name: 'lasting', place: DEFAULT })).code).toBe(
      'FORBIDDEN',
    );
    expect(await api.get('/elevations')).toEqual({ elevations: [elevation] });
    expect(await (await somebody()).get('/elevations')).toEqual({ elevations: [] });
    await api.expect('DELETE', `/elevations/${elevation.id}`);
    expect((await caller.refuse({})).code).toBe('FORBIDDEN');
  });
});
