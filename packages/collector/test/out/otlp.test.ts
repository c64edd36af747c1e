import type { Capture, OtlpView, ProbeView } from '@dormouse/protocol';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TestAgent } from '../support/agent.ts';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { MANIFEST_A } from '../support/manifest.ts';
import {
  attributesOf,
  openReceiver,
  plain,
  type OtlpReceiver,
  type Received,
} from './support/otlp-receiver.ts';
import type { Decoded } from './support/protobuf.ts';

const HERE = { sendTo: ['127.0.0.1'] };
const TRACE = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

interface Setup {
  readonly collector: TestCollector;
  readonly receiver: OtlpReceiver;
  readonly agent: TestAgent;
  readonly probe: ProbeView;
}

async function setUp(settings: Record<string, unknown> = {}): Promise<Setup> {
  const receiver = await openReceiver();
  const collector = await openCollector(HERE);

  const agent = await collector.agent(
    { version: '1.4.0', commit: 'abc123', host: 'box-7', pid: 42, node: 'v24.1.0', tags: { env: 'staging' } },
    MANIFEST_A,
  );
  await collector.api.expect('PUT', '/otlp', { endpoint: receiver.url, ...settings });
  return { collector, receiver, agent, probe: await collector.api.snapshot() };
}

const view = ({ api }: TestCollector): Promise<OtlpView> => api.get('/otlp');

describe('logs', () => {
  test('a snapshot is a log record of the process that was probed, with its place and its values', async () => {
    const { receiver, agent, probe } = await setUp();
    const at = Date.UTC(2026, 10, 21, 12, 0, 0, 250);
    await agent.deliver([
      agent.capture(probe.id, {
        ...TRACE,
        at,
        locals: [
          { key: 'score', value: { type: 'number', value: 41 } },
          { key: 'share', value: { type: 'number', value: 0.5 } },
          { key: 'card', value: { type: 'redacted', rule: 'creditcard' } },
          {
            key: 'order',
            value: {
              type: 'object',
              class: 'Order',
              properties: [{ key: 'id', value: { type: 'string', value: 'o-1' } }],
              omitted: { reason: 'fieldCount', count: 3 },
            },
          },
        ],
        stack: [{ function: 'assess', file: 'src/risk.ts', line: 13, column: 3 }],
      }),
    ]);
    const [{ resource, record }] = (await receiver.received('logs', 1)) as [Received];
    expect(resource).toEqual({
      'service.name': 'trades',
      'service.instance.id': agent.identity.instance,
      'service.version': '1.4.0',
      'deployment.environment.name': 'staging',
      'vcs.ref.head.revision': 'abc123',
      'host.name': 'box-7',
      'process.pid': 42,
      'process.runtime.name': 'nodejs',
      'process.runtime.version': '24.1.0',
      'dormouse.build.id': agent.identity.buildId,
      'dormouse.tag.env': 'staging',
    });
    expect(record).toMatchObject({
      time_unix_nano: BigInt(at) * 1_000_000n,
      severity_number: 'SEVERITY_NUMBER_INFO',
      severity_text: 'INFO',
      event_name: 'dormouse.snapshot',
      trace_id: TRACE.traceId,
      span_id: TRACE.spanId,
    });
    expect(plain(record['body'] as Decoded)).toEqual({
      score: 41,
      share: 0.5,
      card: '‹redacted›',
      order: { id: 'o-1', '…': '‹3 more: fieldCount›' },
    });
    expect(attributesOf(record)).toEqual({
      'code.file.path': probe.location.file,
      'code.line.number': probe.location.line,
      'code.column.number': probe.location.column,
      'code.function.name': probe.function,
      'code.stacktrace': '    at assess (src/risk.ts:13:3)',
      'dormouse.probe.id': probe.id,
      'dormouse.probe.kind': 'snapshot',
      'dormouse.capture.id': expect.any(String),
      'dormouse.hit': 1,
    });
  });

  test('a log has its text and severity, a violation warns, what was thrown is an exception', async () => {
    const { receiver, agent, probe } = await setUp({ compression: 'none' });
    await agent.deliver([
      agent.capture(probe.id, { kind: 'log', message: 'order o-1 costs 7', level: 'error' }),
      agent.capture(probe.id, { kind: 'check' }),
      agent.capture(probe.id, {
        on: 'throw',
        threw: {
          type: 'error',
          class: 'RangeError',
          message: 'too much',
          stack: 'RangeError: too much',
          properties: [],
        },
      }),
    ]);
    const [log, violation, thrown] = (await receiver.received('logs', 3)).map(({ record }) => record);
    expect(log).toMatchObject({ event_name: 'dormouse.log', severity_number: 'SEVERITY_NUMBER_ERROR' });
    expect(plain(log!['body'] as Decoded)).toBe('order o-1 costs 7');
    expect(violation).toMatchObject({ event_name: 'dormouse.violation', severity_text: 'WARN' });
    expect(attributesOf(thrown!)).toMatchObject({
      'exception.type': 'RangeError',
      'exception.message': 'too much',
      'exception.stacktrace': 'RangeError: too much',
      'dormouse.event': 'throw',
    });
  });
});

test('a span keeps its parent; one that the program has sent itself is not sent again', async () => {
  const { receiver, agent, probe } = await setUp();
  const span = {
    ...TRACE,
    recorder: 'dormouse' as const,
    parentSpanId: '00f067aa0ba902b7',
    name: 'settle',
    startedAt: 1_700_000_000_000.5,
    durationMs: 2.25,
    status: 'error' as const,
    error: 'no funds',
    attributes: { amount: 12 },
  };
  const recorded = { ...span, recorder: 'opentelemetry' as const, spanId: 'ffffffffffffffff' };
  await agent.deliver([
    agent.capture(probe.id, { kind: 'span', span: recorded }),
    agent.capture(probe.id, { kind: 'span', span }),
  ]);
  const spans = await receiver.received('traces', 1);
  expect(spans).toHaveLength(1);
  const { record, resource } = spans[0]!;
  expect(resource['service.name']).toBe('trades');
  expect(record).toMatchObject({
    trace_id: TRACE.traceId,
    span_id: TRACE.spanId,
    parent_span_id: '00f067aa0ba902b7',
    name: 'settle',
    kind: 'SPAN_KIND_INTERNAL',
    start_time_unix_nano: 1_700_000_000_000_500_000n,
    end_time_unix_nano: 1_700_000_000_002_750_000n,
    status: { message: 'no funds', code: 'STATUS_CODE_ERROR' },
  });
  expect(attributesOf(record)).toMatchObject({ amount: 12, 'code.function.name': probe.function });
});

test('windows of metrics are deltas: counters as sums, gauges as their last number, times as histograms in seconds', async () => {
  const { receiver, agent, probe } = await setUp();
  const window = { from: 1_000_000, to: 1_001_000 };
  const metric = (kind: Capture['kind'], series: object[], failed?: object): Capture =>
    agent.capture(probe.id, {
      kind,
      metric: { ...window, series, ...(failed && { failed }) } as NonNullable<Capture['metric']>,
    });
  await agent.deliver([
    metric(
      'counter',
      [
        { key: 'EUR', count: 3 },
        { other: true, count: 2 },
      ],
      { notAKey: 1 },
    ),
    metric('gauge', [{ count: 2, sum: 12, min: 5, max: 7, last: 7 }]),
    metric('duration', [
      {
        outcome: 'returned',
        count: 3,
        sum: 9,
        min: 2,
        max: 4,
        sketch: { zeros: 0, positive: [50, 3], negative: [] },
      },
    ]),
  ]);
  const metrics = (await receiver.received('metrics', 4)).map(({ record }) => record);
  const byName = Object.fromEntries(metrics.map((one) => [one['name'], one]));
  const pointsOf = (name: string, form: string): Decoded[] =>
    (byName[name]![form] as Decoded)['data_points'] as Decoded[];

  expect(byName['dormouse.counter']!['sum']).toMatchObject({
    is_monotonic: true,
    aggregation_temporality: 'AGGREGATION_TEMPORALITY_DELTA',
  });
  const [eur, others] = pointsOf('dormouse.counter', 'sum');
  expect(eur).toMatchObject({
    as_int: 3n,
    start_time_unix_nano: 1_000_000_000_000n,
    time_unix_nano: 1_001_000_000_000n,
  });
  expect(attributesOf(eur!)).toMatchObject({ 'dormouse.key': 'EUR', 'dormouse.probe.id': probe.id });
  expect(attributesOf(others!)).toMatchObject({ 'dormouse.other_keys': true });
  expect(pointsOf('dormouse.failed', 'sum').map(attributesOf)).toMatchObject([
    { 'dormouse.reason': 'notAKey' },
  ]);
  expect(pointsOf('dormouse.gauge', 'gauge')).toMatchObject([{ as_double: 7 }]);
  expect(byName['dormouse.duration']).toMatchObject({ unit: 's' });
  expect(pointsOf('dormouse.duration', 'exponential_histogram')).toMatchObject([
    { count: 3n, sum: 0.009, min: 0.002, max: 0.004, scale: 6, positive: { bucket_counts: [3n] } },
  ]);
});

describe('nothing is lost in silence', () => {
  test('what a receiver cannot take now is sent again, and why it waits is shown', async () => {
    const { collector, receiver, agent, probe } = await setUp({ signals: ['logs'] });
    receiver.behaviour = () => ({ status: 500 });
    await agent.deliver([agent.capture(probe.id)]);
    const signals = async () => (await view(collector)).signals;
    await expect
      .poll(signals)
      .toMatchObject([{ signal: 'logs', sent: 0, failure: { message: expect.stringContaining('500') } }]);
    expect((await signals())[0]!.behind).toBeGreaterThan(0);
    receiver.behaviour = () => undefined;
    await receiver.received('logs', 1);
    await expect.poll(signals).toEqual([{ signal: 'logs', sent: 1, refused: 0, skipped: 0, behind: 0 }]);
  });

  test('what a receiver refuses is counted, the whole of a batch or a part of it', async () => {
    const { collector, receiver, agent, probe } = await setUp({ signals: ['logs'] });
    const twoRefused = Buffer.from([0x0a, 0x06, 0x08, 0x02, 0x12, 0x02, 0x6e, 0x6f]);
    receiver.behaviour = () => ({ status: 200, body: twoRefused });
    await agent.deliver([agent.capture(probe.id), agent.capture(probe.id), agent.capture(probe.id)]);
    const signals = async () => (await view(collector)).signals;
    await expect.poll(signals).toMatchObject([{ sent: 1, refused: 2 }]);
    receiver.behaviour = () => ({ status: 400 });
    await agent.deliver([agent.capture(probe.id)]);
    await expect.poll(signals).toMatchObject([{ sent: 1, refused: 3 }]);
  });

  test('a receiver that says it has refused more than it was sent has refused that', async () => {
    const { collector, receiver, agent, probe } = await setUp({ signals: ['logs'] });
    const many = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
    const body = Buffer.from([0x0a, 1 + many.length, 0x08, ...many]);
    receiver.behaviour = () => ({ status: 200, body });
    await agent.deliver([agent.capture(probe.id), agent.capture(probe.id)]);
    await expect
      .poll(async () => (await view(collector)).signals)
      .toEqual([{ signal: 'logs', sent: 0, refused: 2, skipped: 0, behind: 0 }]);
  });

  test('a receiver that does not answer holds up no other signal, and not the end of the collector', async () => {
    const { collector, receiver, agent, probe } = await setUp({ signals: ['logs', 'traces'] });
    receiver.behaviour = (path) => (path === '/v1/logs' ? 'silence' : undefined);
    const span = {
      ...TRACE,
      recorder: 'dormouse',
      name: 'settle',
      startedAt: 1,
      durationMs: 1,
      status: 'ok',
      attributes: {},
    } as const;
    for (let times = 1; times <= 3; times++) {
      await agent.deliver([agent.capture(probe.id), agent.capture(probe.id, { kind: 'span', span })]);
      await receiver.received('traces', times);
    }
    const { signals } = await view(collector);
    expect(signals).toMatchObject([{ signal: 'logs', sent: 0 }, { signal: 'traces' }]);
    expect(signals[0]!.behind).toBeGreaterThan(0);
    await collector.close();
  });

  test('after a restart it goes on where it was', async () => {
    const data = mkdtempSync(join(tmpdir(), 'dormouse-otlp-'));
    const receiver = await openReceiver();
    const first = await openCollector({ ...HERE, data });
    const agent = await first.agent({}, MANIFEST_A);
    await first.api.expect('PUT', '/otlp', { endpoint: receiver.url, signals: ['logs'] });
    const { id } = await first.api.snapshot();
    await agent.deliver([agent.capture(id)]);
    await receiver.received('logs', 1);
    receiver.behaviour = () => ({ status: 503 });
    await agent.deliver([agent.capture(id)]);
    await agent.disconnect();
    await first.close();
    receiver.behaviour = () => undefined;
    await openCollector({ ...HERE, data });
    const hits = (await receiver.received('logs', 2)).map(
      ({ record }) => attributesOf(record)['dormouse.hit'],
    );
    expect(hits).toEqual([1, 2]);
  });
});

describe('where it goes', () => {
  test('internal addresses are refused, unless the operator has allowed them', async () => {
    const { api } = await openCollector();
    for (const endpoint of [
      'http://127.0.0.1:4318',
      'http://169.254.169.254',
      'http://[::1]:4318',
      'http://2130706433',
    ]) {
      expect(await api.fail('PUT', '/otlp', { endpoint })).toMatchObject({
        code: 'INVALID_REQUEST',
        path: 'endpoint',
      });
    }
    expect(await api.get('/otlp')).toEqual({ by: 'nobody', signals: [] });
  });

  test('headers are sent, and not shown', async () => {
    const { collector, receiver, agent, probe } = await setUp({
      headers: { 'x-api-key': 'k-1' },
      signals: ['logs'],
    });
    await agent.deliver([agent.capture(probe.id)]);
    await receiver.received('logs', 1);
    expect(receiver.requests[0]!.headers).toMatchObject({ 'x-api-key': 'k-1', 'content-encoding': 'gzip' });
    expect(JSON.stringify(await view(collector))).not.toContain('k-1');
    await collector.api.expect('DELETE', '/otlp');
    expect(await view(collector)).toEqual({ by: 'nobody', signals: [] });
  });

  test('the standard variables of the process say it for all', async () => {
    const receiver = await openReceiver();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.url);
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-api-key=k-2');
    onTestFinished(() => void vi.unstubAllEnvs());
    const collector = await openCollector({ otlpSignals: ['logs'] });
    const agent = await collector.agent({}, MANIFEST_A);
    const { id } = await collector.api.snapshot();
    await expect.poll(async () => (await view(collector)).by).toBe('environment');
    await agent.deliver([agent.capture(id)]);
    await receiver.received('logs', 1);
    expect(receiver.requests[0]!.headers['x-api-key']).toBe('k-2');
    expect(await collector.api.fail('PUT', '/otlp', { endpoint: 'https://example.com' })).toMatchObject({
      code: 'CONFLICT',
    });
  });
});
