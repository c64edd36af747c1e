import { LIMITS, METRIC_LIMITS, type ProbeRequest, type ProbeView, type WaitView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { MANIFEST_A } from './support/manifest.ts';
import { until } from './support/until.ts';

async function placed(request: Partial<ProbeRequest> = {}) {
  const { api, agent } = await openCollector();
  const process = await agent({}, MANIFEST_A);
  const probe = await api.snapshot(request);
  await until('it is told', () => process.told.includes(probe.id));
  return { api, agent, process, probe, view: (): Promise<ProbeView> => api.get(`/probes/${probe.id}`) };
}

describe('other limits', () => {
  test('are told to the process, and hold', async () => {
    const { api, process, probe, view } = await placed({ limits: { hits: 1, expiresInMs: 60_000 } });
    const extended = await api.expect<ProbeView>('POST', `/probes/${probe.id}/extend`, {
      hits: 3,
      hitsPerSecond: 2,
      expiresInMs: 600_000,
    });
    expect(extended.limits).toEqual({ hits: 3, hitsPerSecond: 2, expiresInMs: 600_000 });
    expect(extended.expiresAt).toBeGreaterThan(probe.expiresAt + 500_000);
    await until('it is told anew', () => process.wanted[0]?.limits.hits === 3);
    expect(process.wanted[0]?.limits.hitsPerSecond).toBe(2);
    expect(process.wanted[0]?.limits.expiresInMs).toBeGreaterThan(590_000);

    await process.deliver([process.capture(probe.id), process.capture(probe.id)]);
    expect(await view()).toMatchObject({ state: 'active', hits: 2 });
    await process.deliver([process.capture(probe.id)]);
    expect(await view()).toMatchObject({ state: 'ended', endCause: 'hitLimit', hits: 3 });
  });

  test('give less time too, and the probe ends when it is over', async () => {
    const { api, process, probe, view } = await placed();
    await api.expect('POST', `/probes/${probe.id}/extend`, { expiresInMs: 50 });
    await until('it has expired', async () => (await view()).state === 'ended');
    expect((await view()).endCause).toBe('expired');
    await until('the process is told', () => !process.told.includes(probe.id));
  });

  test('are refused above the ceilings, below what was, for kinds without them, and after the end', async () => {
    const { api, process, probe } = await placed();
    const extend = (id: string, body: object) => api.fail('POST', `/probes/${id}/extend`, body);
    expect(await extend(probe.id, { expiresInMs: 8 * 86_400_000 })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: 'expiresInMs',
    });
    expect(await extend(probe.id, {})).toMatchObject({ code: 'INVALID_REQUEST' });
    await process.deliver([process.capture(probe.id)]);
    expect(await extend(probe.id, { hits: 1 })).toMatchObject({ code: 'INVALID_REQUEST', path: 'hits' });

    const { id: counter } = await api.expect<ProbeView>('POST', '/probes', {
      kind: 'counter',
      service: 'trades',
      location: { file: 'risk.ts', line: 13 },
    });
    expect(await extend(counter, { hits: 9 })).toMatchObject({ code: 'INVALID_REQUEST', path: 'hits' });
    await api.expect('POST', `/probes/${counter}/extend`, { expiresInMs: 9_000 });

    await api.expect('DELETE', `/probes/${probe.id}`);
    expect(await extend(probe.id, { hits: 99 })).toMatchObject({ code: 'ENDED', status: 409 });
    expect(await extend('p_none', { hits: 99 })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a probe that is placed once more', () => {
  const requests: readonly ProbeRequest[] = [
    {
      kind: 'snapshot',
      service: 'trades',
      location: { file: 'src/risk.ts', line: 18, column: 20 },
      condition: 'score > 1',
      watches: ['trade.id', 'flag'],
      callers: 2,
      target: { tags: { region: 'eu' }, context: { user: '42' } },
      limits: { hits: 2, hitsPerSecond: 3, expiresInMs: 4_000 },
      hitsOf: 'each',
    },
    {
      kind: 'log',
      service: 'trades',
      location: { file: 'risk.ts', function: 'assess' },
      on: 'return',
      template: 'came to {$return}',
      level: 'warn',
      to: 'both',
    },
    {
      kind: 'check',
      service: 'trades',
      location: { file: 'risk.ts', line: 13 },
      expect: 'score >= 0',
      verdict: { afterHits: 10 },
    },
    {
      kind: 'histogram',
      service: 'trades',
      location: { file: 'risk.ts', line: 13 },
      value: 'score',
      by: 'trade.symbol',
    },
    { kind: 'duration', service: 'trades', location: { file: 'risk.ts', function: 'assess' } },
    {
      kind: 'tictoc',
      service: 'trades',
      location: { file: 'risk.ts', line: 11 },
      until: { file: 'risk.ts', line: 18 },
    },
    {
      kind: 'span',
      service: 'trades',
      location: { file: 'risk.ts', function: 'assess' },
      attributes: { took: '$duration' },
    },
    {
      kind: 'path',
      service: 'trades',
      location: { file: 'risk.ts', function: 'assess' },
      includes: [{ file: 'price.ts', function: 'price' }],
      steps: 50,
    },
    {
      kind: 'tag',
      service: 'trades',
      location: { file: 'risk.ts', line: 13 },
      attributes: { score: 'score' },
    },
  ];

  test.each(requests)('asks for the same: $kind', async (request) => {
    const { api, agent } = await openCollector();
    await agent({ tags: { region: 'eu' } }, MANIFEST_A);
    const asked = (view: ProbeView) => ({ ...view, id: '', createdAt: 0, expiresAt: 0, agents: [] });
    const first = await api.expect<ProbeView>('POST', '/probes', request);
    await api.expect('DELETE', `/probes/${first.id}`);
    const second = await api.expect<ProbeView>('POST', `/probes/${first.id}/duplicate`, {});
    expect(second.id).not.toBe(first.id);
    expect(asked(second)).toEqual(asked(first));
    if (request.by !== undefined) expect(second.keys).toBe(METRIC_LIMITS.keys);
  });

  test('takes changes: other fields, fields of fields, and fields taken away', async () => {
    const { api, probe } = await placed({ condition: 'score > 1', watches: ['trade.id'], owner: 'ann' });
    const second = await api.expect<ProbeView>('POST', `/probes/${probe.id}/duplicate`, {
      location: { line: 11, column: null },
      condition: null,
      watches: ['trade'],
      limits: { hits: 7 },
    });
    expect(second).toMatchObject({
      location: { file: 'src/risk.ts', line: 11 },
      watches: ['trade'],
      limits: { ...probe.limits, hits: 7 },
    });
    expect(second).not.toHaveProperty('condition');
    expect(second).not.toHaveProperty('owner');
  });

  test('is refused as any other would be', async () => {
    const { api, probe } = await placed();
    const duplicate = (body: unknown) => api.fail('POST', `/probes/${probe.id}/duplicate`, body);
    expect(await duplicate({ kind: 'sometimes' })).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await duplicate({ limits: { hits: 'many' } })).toMatchObject({
      code: 'INVALID_REQUEST',
      path: 'limits.hits',
    });
    expect(await duplicate({ condition: 'scor > 1' })).toMatchObject({
      code: 'UNKNOWN_VARIABLE',
      suggestions: ['score'],
    });
    expect(await duplicate(JSON.parse('{"__proto__": {"kind": "log"}}'))).toMatchObject({
      code: 'INVALID_REQUEST',
    });
    expect(await api.fail('POST', '/probes/p_none/duplicate', {})).toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('hits are of all processes together: what comes after them is not kept', async () => {
  const { api, agent, process, probe, view } = await placed({ limits: { hits: 2 } });
  const other = await agent({}, MANIFEST_A);
  await until('the other has it', () => other.told.includes(probe.id));
  await process.deliver([process.capture(probe.id)]);
  await other.deliver([other.capture(probe.id), other.capture(probe.id)]);
  const last = process.capture(probe.id);
  await process.deliver([last]);
  expect(await view()).toMatchObject({ state: 'ended', endCause: 'hitLimit', hits: 3 });
  expect(await api.fail('GET', `/captures/${last.id}`)).toMatchObject({ code: 'NOT_FOUND' });
});

describe('hits of each process', () => {
  test('end the probe when all that have it have had theirs', async () => {
    const { api, agent } = await openCollector();
    const agents = [await agent({}, MANIFEST_A), await agent({}, MANIFEST_A)];
    const { id } = await api.snapshot({ limits: { hits: 2 }, hitsOf: 'each' });
    const view = (): Promise<ProbeView> => api.get(`/probes/${id}`);
    await until('both are told', () => agents.every(({ told }) => told.includes(id)));
    for (const [index, process] of agents.entries()) {
      await process.deliver([process.capture(id), process.capture(id)]);
      expect(await view()).toMatchObject({ state: 'active', hits: 2 * (index + 1) });
      process.report(id, { state: 'disarmed', cause: 'hitLimit' });
      await process.handled();
    }
    expect(await view()).toMatchObject({ state: 'ended', endCause: 'hitLimit', hits: 4 });
  });

  test('are of kinds that end with their hits', async () => {
    const { api } = await placed();
    const counter = { kind: 'counter', service: 'trades', location: { file: 'risk.ts', line: 13 } };
    expect(await api.fail('POST', '/probes', { ...counter, hitsOf: 'each' })).toMatchObject({
      code: 'INVALID_REQUEST',
    });
  });
});

describe('a wait for a probe', () => {
  const wait = (api: { get<Body>(path: string): Promise<Body> }, id: string, query: string) =>
    api.get<WaitView>(`/probes/${id}/wait?${query}`);

  test('is over when it has its hits', async () => {
    const { api, process, probe } = await placed();
    const waiting = wait(api, probe.id, 'hits=2');
    await process.deliver([process.capture(probe.id)]);
    await process.deliver([process.capture(probe.id)]);
    expect(await waiting).toMatchObject({ reason: 'hits', probe: { id: probe.id, hits: 2 } });
    expect(await wait(api, probe.id, 'hits=1')).toMatchObject({ reason: 'hits' });
  });

  test('is over when a process has armed it', async () => {
    const { api, process, probe } = await placed();
    const waiting = wait(api, probe.id, 'armed=true&hits=1');
    process.report(probe.id, { state: 'armed' });
    expect(await waiting).toMatchObject({ reason: 'armed', probe: { agents: [{ state: 'armed' }] } });
  });

  test('is over when every process has said how it stands', async () => {
    const { api, agent, process, probe } = await placed();
    const other = await agent({}, MANIFEST_A);
    process.report(probe.id, { state: 'armed' });
    expect(await wait(api, probe.id, 'answered=true&timeoutMs=100')).toMatchObject({ reason: 'timeout' });
    const waiting = wait(api, probe.id, 'answered=true');
    other.report(probe.id, { state: 'received' });
    await other.handled();
    other.report(probe.id, { state: 'received', message: 'src/risk.ts is not loaded' });
    const { reason, probe: seen } = await waiting;
    expect(reason).toBe('answered');
    expect(seen.agents.map(({ state }) => state).toSorted()).toEqual(['armed', 'received']);
    const elsewhere = await api.snapshot({ target: { version: 'none' } });
    expect(await wait(api, elsewhere.id, 'answered=true')).toMatchObject({ reason: 'answered' });
  });

  test('is over when it ends, and when the time is over', async () => {
    const { api, probe } = await placed();
    expect(await wait(api, probe.id, 'hits=1&timeoutMs=20')).toMatchObject({ reason: 'timeout' });
    const waiting = wait(api, probe.id, 'hits=1');
    await api.expect('DELETE', `/probes/${probe.id}`);
    expect(await waiting).toMatchObject({ reason: 'ended', probe: { endCause: 'removed' } });
  });

  test('is over at once when the collector stops', async () => {
    const { api, agent, close } = await openCollector();
    await agent({}, MANIFEST_A);
    const { id } = await api.snapshot();
    const waiting = wait(api, id, 'hits=1');
    // By when two questions that came later have been answered, this one is under way, however busy the machine is.
    for (let asked = 0; asked < 2; asked++) await api.get(`/probes/${id}`);
    const began = Date.now();
    await close();
    expect(await waiting).toMatchObject({ reason: 'timeout' });
    expect(Date.now() - began).toBeLessThan(LIMITS.waitMs / 5);
  });

  test('is bounded, and of a probe', async () => {
    const { api, probe } = await placed();
    expect(await api.fail('GET', `/probes/${probe.id}/wait?timeoutMs=60000`)).toMatchObject({
      code: 'INVALID_REQUEST',
      path: 'timeoutMs',
    });
    expect(await api.fail('GET', '/probes/p_none/wait')).toMatchObject({ code: 'NOT_FOUND' });
  });
});
