import type { Capture, ProbeView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { MANIFEST_A } from '../support/manifest.ts';
import { readPrometheus, type Family } from './support/prometheus.ts';

const PROBES = '/api/v1/metrics/prometheus';

async function scrape(
  { url, adminToken }: TestCollector,
  path = '/metrics',
  token: string | undefined = adminToken,
): Promise<{ status: number; families: Map<string, Family>; text: string }> {
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url + path, { headers });
  const text = await response.text();
  if (!response.ok) return { status: response.status, families: new Map(), text };
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return { status: response.status, families: readPrometheus(text), text };
}

function valueOf(
  families: Map<string, Family>,
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const family = [...families.values()].find(({ samples }) => samples.some((sample) => sample.name === name));
  return family?.samples.find(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;
}

describe('the collector’s own metrics', () => {
  test('count processes, captures, what was lost, requests, and the time of the storage', async () => {
    const collector = await openCollector();
    const agent = await collector.agent({}, MANIFEST_A);
    const { id } = await collector.api.snapshot();
    agent.report(id, { dropped: {} });
    const pause = { cause: 'cpuBudget', since: 1, until: 2 } as const;
    agent.send({
      type: 'status',
      revision: 1,
      reports: [],
      pause,
    });
    agent.report(id, { dropped: { queueFull: 3 } });
    agent.report(id, { dropped: { queueFull: 5, rateLimitBytes: 1 } });
    await agent.deliver([agent.capture(id), { ...agent.capture(id), at: -1 }, agent.capture('unknown')]);

    const { families } = await scrape(collector);
    expect(valueOf(families, 'dormouse_agents', { state: 'connected' })).toBe(1);
    expect(valueOf(families, 'dormouse_captures_total', { outcome: 'received' })).toBe(3);
    expect(valueOf(families, 'dormouse_captures_total', { outcome: 'refused' })).toBe(2);
    expect(valueOf(families, 'dormouse_captures_total', { outcome: 'stored' })).toBe(1);
    expect(valueOf(families, 'dormouse_captures_dropped_total', { reason: 'queueFull' })).toBe(5);
    expect(valueOf(families, 'dormouse_captures_dropped_total', { reason: 'rateLimitBytes' })).toBe(1);
    expect(valueOf(families, 'dormouse_agent_received_bytes_total')).toBeGreaterThan(500);
    expect(valueOf(families, 'dormouse_agent_messages_waiting')).toBe(0);
    expect(
      valueOf(families, 'dormouse_http_request_duration_seconds_count', {
        method: 'POST',
        route: '/api/v1/probes',
        status: '201',
      }),
    ).toBe(1);
    expect(
      valueOf(families, 'dormouse_storage_duration_seconds_count', {
        operation: 'captures.store',
        outcome: 'done',
      }),
    ).toBe(1);
    expect(valueOf(families, 'nodejs_eventloop_lag_p99_seconds')).toBeDefined();
    expect(valueOf(families, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
  });

  test('are for those who may see all environments, unless they are open', async () => {
    const collector = await openCollector();
    expect(await scrape(collector, '/metrics', '')).toMatchObject({ status: 401 });
    expect(await scrape(collector, '/metrics', collector.agentToken)).toMatchObject({ status: 403 });
    const open = await openCollector({ openMetrics: true });
    expect((await scrape(open, '/metrics', '')).families.has('dormouse_agents')).toBe(true);
    expect(await scrape(open, PROBES, '')).toMatchObject({ status: 401 });
  });
});

describe('the metrics of probes', () => {
  const place = { file: 'src/risk.ts', line: 13 };

  async function setUp() {
    const collector = await openCollector();
    const agent = await collector.agent({}, MANIFEST_A);
    const create = (request: object): Promise<ProbeView> =>
      collector.api.expect('POST', '/probes', { service: 'trades', location: place, ...request });
    const deliver = (probe: ProbeView, metric: object): Promise<void> =>
      agent.deliver([
        agent.capture(probe.id, {
          kind: probe.kind,
          metric: { from: 1_000, to: 2_000, ...metric } as NonNullable<Capture['metric']>,
        }),
      ]);
    return { collector, create, deliver };
  }

  test('are sums, last numbers and summaries, times in seconds, with their place', async () => {
    const { collector, create, deliver } = await setUp();
    const counter = await create({ kind: 'counter', by: 'trade.id' });
    const odd = 'a "quoted" \\ key\nof two lines';
    await deliver(counter, { series: [{ key: odd, count: 3 }], failed: { notAKey: 2 } });
    await deliver(counter, { series: [{ key: odd, count: 4 }] });
    const gauge = await create({ kind: 'gauge', value: 'score' });
    await deliver(gauge, { series: [{ count: 2, sum: 9, min: 4, max: 5, last: 5 }] });
    const duration = await create({ kind: 'duration' });
    await deliver(duration, {
      series: [
        {
          outcome: 'returned',
          count: 2,
          sum: 3_000,
          min: 1_000,
          max: 2_000,
          sketch: { zeros: 0, positive: [345, 1, 380, 1], negative: [] },
        },
      ],
    });
    const { families, text } = await scrape(collector, PROBES);
    expect(valueOf(families, 'dormouse_probe_hits_total', { key: odd, probe: counter.id })).toBe(7);
    expect(valueOf(families, 'dormouse_probe_failed_total', { reason: 'notAKey' })).toBe(2);
    expect(
      valueOf(families, 'dormouse_probe_last', { line: '13', file: 'src/risk.ts', service: 'trades' }),
    ).toBe(5);
    expect(valueOf(families, 'dormouse_probe_seconds_sum', { outcome: 'returned' })).toBe(3);
    expect(valueOf(families, 'dormouse_probe_seconds_count')).toBe(2);
    expect(valueOf(families, 'dormouse_probe_seconds', { quantile: '0.99' })).toBeGreaterThan(0.9);
    expect(text).toContain('# TYPE dormouse_probe_seconds summary');
  });

  test('have so many series and no more: those that are too many are together', async () => {
    const { collector, create, deliver } = await setUp();
    const counter = await create({ kind: 'counter', by: 'trade.id', keys: 200 });
    await deliver(counter, {
      series: Array.from({ length: 100 }, (_, index) => ({ key: `k${index}`, count: 100 - index })),
    });
    const { families } = await scrape(collector, PROBES);
    const { samples } = families.get('dormouse_probe_hits_total')!;
    expect(samples).toHaveLength(21);
    expect(samples.find(({ labels }) => labels['other'] === 'true')?.value).toBe((80 * 81) / 2);
  });

  test('are gone with their probe', async () => {
    const { collector, create, deliver } = await setUp();
    const counter = await create({ kind: 'counter' });
    await deliver(counter, { series: [{ count: 1 }] });
    expect((await scrape(collector, PROBES)).families.size).toBe(1);
    await collector.api.expect('DELETE', `/probes/${counter.id}`);
    expect((await scrape(collector, PROBES)).text).toBe('\n');
  });
});
