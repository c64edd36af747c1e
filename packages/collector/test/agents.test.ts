import { once } from 'node:events';
import { LIMITS, PROTOCOL_VERSION, type AgentMessage, type ServiceView } from '@dormouse/protocol';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, test } from 'vitest';
import { TestAgent } from './support/agent.ts';
import { openCollector, type TestCollector } from './support/collector.ts';
import { BUILD_A, BUILD_B, makeManifest, MANIFEST_A, RISK } from './support/manifest.ts';

const packr = new Packr({ useRecords: false });

/** An agent that has not said hello. */
async function stranger({ url, agentToken }: TestCollector): Promise<TestAgent> {
  const agent = new TestAgent(url, agentToken);
  await once(agent.socket, 'open');
  return agent;
}

describe('the first message', () => {
  test('of another protocol version is refused in words', async () => {
    const agent = await stranger(await openCollector());
    const closed = agent.closed();
    agent.send({ type: 'hello', protocol: 99, contract: 1, agent: agent.identity });
    expect(await agent.next('refused')).toEqual({
      type: 'refused',
      code: 'PROTOCOL_MISMATCH',
      message: `The agent speaks version 99 of the protocol, this collector version ${PROTOCOL_VERSION}. Update the collector.`,
    });
    expect(await closed).toMatchObject({ code: 1002 });
  });

  test('must be a hello', async () => {
    const agent = await stranger(await openCollector());
    const closed = agent.closed();
    agent.send({ type: 'captures', batch: 1, captures: [] });
    expect(await agent.next('refused')).toMatchObject({ code: 'INVALID_MESSAGE' });
    const { code, reason } = await closed;
    expect(code).toBe(1007);
    expect(reason).toMatch(/^the first message must be a hello: type: /);
  });

  test('must say who it is', async () => {
    const agent = await stranger(await openCollector());
    const closed = agent.closed();
    agent.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      contract: 2,
      agent: { ...agent.identity, service: '' },
    });
    expect(await closed).toMatchObject({
      code: 1007,
      reason: expect.stringMatching(/^hello: agent\.service: /) as string,
    });
  });
});

describe('a bad message closes the connection, with a reason, and nothing else', () => {
  const cases: [string, Buffer | string, number, RegExp][] = [
    ['that is no msgpack', Buffer.from('hello'), 1007, /^not msgpack: /],
    [
      'that ends too early',
      packr.pack({ type: 'status', revision: 1, reports: [] }).subarray(0, 9),
      1007,
      /^not msgpack: /,
    ],
    ['in a text frame', '{"type":"status"}', 1003, /^messages are msgpack in binary frames$/],
    [
      'of an unknown type',
      packr.pack({ type: 'shout' }),
      1007,
      /^message: type: must be a manifest, status or captures/,
    ],
    [
      'of the wrong shape',
      packr.pack({ type: 'status', revision: 'x', reports: [] }),
      1007,
      /^message: revision: /,
    ],
    ['that is nothing', packr.pack(null), 1007, /^message: /],
    [
      'nested without end',
      Buffer.concat([Buffer.alloc(1_000_000, 0x91), Buffer.from([0xc0])]),
      1007,
      /^not msgpack: /,
    ],
    ['that is too large', Buffer.alloc(LIMITS.messageBytes + 1), 1009, /^$/],
  ];

  test.each(cases)('%s', async (_what, data, code, reason) => {
    const { agent, api } = await openCollector();
    const bystander = await agent({}, MANIFEST_A);
    const offender = await agent({}, MANIFEST_A);
    const closed = offender.closed();
    offender.socket.send(data);
    const answer = await closed;
    expect(answer.code).toBe(code);
    expect(answer.reason).toMatch(reason);
    await bystander.handled();
    expect((await api.get<{ services: ServiceView[] }>('/services')).services).toHaveLength(1);
  });

  test('a manifest of the wrong shape', async () => {
    const { agent } = await openCollector();
    const process = await agent({ buildId: BUILD_A });
    const closed = process.closed();
    process.send({ type: 'manifest', manifest: { ...MANIFEST_A, files: 1 } } as unknown as AgentMessage);
    expect(await closed).toMatchObject({
      code: 1007,
      reason: expect.stringMatching(/^message: manifest\.files: /) as string,
    });
  });
});

test('whatever an agent sends, the collector answers or closes, and goes on', async () => {
  const { agent } = await openCollector();
  const bystander = await agent({}, MANIFEST_A);
  const type = fc.constantFrom('hello', 'manifest', 'status', 'captures', 'welcome');
  const message = fc.oneof(
    fc.jsonValue(),
    fc.record({ type, batch: fc.nat(), captures: fc.array(fc.jsonValue()) }),
  );
  const property = fc.asyncProperty(message, async (value) => {
    const process = await agent({});
    const closed = process.closed().then(({ code }) => code);
    process.socket.send(packr.pack(value));
    expect([1007, 1008, 'stored']).toContain(
      await Promise.race([closed, process.next('stored').then(({ type: answer }) => answer)]),
    );
    await process.disconnect();
  });
  await fc.assert(property, { numRuns: Number(globalThis.process.env['DORMOUSE_CASES'] ?? 60) });
  await bystander.handled();
});

describe('presence', () => {
  const trades = async ({ api }: TestCollector): Promise<ServiceView> => {
    const { services } = await api.get<{ services: ServiceView[] }>('/services');
    return services.find(({ service }) => service === 'trades')!;
  };

  test('shows who is connected and who was', async () => {
    const collector = await openCollector();
    const before = Date.now();
    const identity = { version: '1.2.3', commit: 'c0ffee', tags: { region: 'eu' } };
    const process = await collector.agent(identity, MANIFEST_A);
    const { agents, builds } = await trades(collector);
    expect(agents).toEqual([
      {
        ...process.identity,
        connected: true,
        policy: { revision: 0, wanted: 0 },
        firstSeen: expect.any(Number) as number,
        lastSeen: expect.any(Number) as number,
      },
    ]);
    expect(agents[0]!.firstSeen).toBeGreaterThanOrEqual(before);
    expect(builds).toEqual([
      { buildId: BUILD_A, service: 'trades', files: 2, functions: 2, points: 5, skipped: 0 },
    ]);

    await process.disconnect();
    await expect.poll(async () => (await trades(collector)).agents[0]?.connected).toBe(false);
  });

  test('an instance that connects again replaces its old connection', async () => {
    const collector = await openCollector();
    const first = await collector.agent({ instance: 'same' }, MANIFEST_A);
    const closed = first.closed();
    const second = await collector.agent({ instance: 'same' }, MANIFEST_A);
    expect(await closed).toEqual({
      code: 1008,
      reason: 'replaced by a newer connection of the same instance',
    });
    await second.handled();
    expect((await trades(collector)).agents).toMatchObject([{ instance: 'same', connected: true }]);
  });

  test('agents are told when the collector stops', async () => {
    const collector = await openCollector();
    const process = await collector.agent({}, MANIFEST_A);
    const closed = process.closed();
    await collector.close();
    expect(await closed).toEqual({ code: 1001, reason: 'the collector is stopping' });
  });
});

describe('the wanted state', () => {
  test('is sent whole at every change, with a growing revision, and only to those it concerns', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const stranger = await agent({ service: 'fraud' }, MANIFEST_A);
    const first = await api.snapshot();
    const second = await api.snapshot({ location: { file: 'risk.ts', line: 18 } });
    await api.expect('DELETE', `/probes/${first.id}`);
    await expect
      .poll(() =>
        process.received
          .filter((message) => message.type === 'probes')
          .map(({ revision, probes }) => [revision, probes.map((probe) => probe.id)]),
      )
      .toEqual([
        [1, []],
        [2, [first.id]],
        [3, [first.id, second.id]],
        [4, [second.id]],
      ]);
    await stranger.handled();
    expect(stranger.received.filter((message) => message.type === 'probes')).toHaveLength(1);
  });

  test('reaches an agent that connects later, with what is left of the probe’s life', async () => {
    const { api, agent } = await openCollector();
    await agent({}, MANIFEST_A);
    const probe = await api.snapshot({ limits: { expiresInMs: 60_000 } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const late = await agent({}, MANIFEST_A);
    const told = late.received.find((message) => message.type === 'probes')!.probes;
    expect(told.map(({ id }) => id)).toEqual([probe.id]);
    expect(told[0]!.limits.expiresInMs).toBeLessThan(60_000);
    expect(told[0]!.limits.expiresInMs).toBeGreaterThan(30_000);
  });

  test('reaches an agent whose manifest had to be sent first', async () => {
    const { api, agent } = await openCollector();
    await agent({}, MANIFEST_A);
    const probe = await api.snapshot();
    const late = await agent({}, makeManifest(BUILD_B, [RISK]));
    expect(late.received.find((message) => message.type === 'welcome')).toMatchObject({
      manifestNeeded: true,
    });
    await expect
      .poll(() =>
        late.received
          .filter((message) => message.type === 'probes')
          .map(({ probes }) => probes.map(({ id }) => id)),
      )
      .toEqual([[], [probe.id]]);
  });
});

test('a process whose build grows runs the build of its newest manifest, and keeps its probes', async () => {
  const { agent, api } = await openCollector();
  const process = await agent({}, MANIFEST_A);
  const probe = await api.snapshot();
  expect((await process.next('probes')).probes.map(({ id }) => id)).toEqual([probe.id]);

  process.send({ type: 'manifest', manifest: makeManifest(BUILD_B, [RISK]) });
  await process.handled();
  const [service] = (await api.get<{ services: ServiceView[] }>('/services')).services;
  expect(service?.agents.map(({ buildId }) => buildId)).toEqual([BUILD_B]);
  expect(service?.builds.map(({ buildId }) => buildId)).toContain(BUILD_B);
  expect(process.received.filter(({ type }) => type === 'probes')).toHaveLength(2);
});
