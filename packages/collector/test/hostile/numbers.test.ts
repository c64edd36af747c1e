import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainStyle, renderCapture } from '@dormouse/cli/render';
import { API_PREFIX, type Capture, type CaptureView, type ProbeView } from '@dormouse/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { openReceiver } from '../out/support/otlp-receiver.ts';
import { openWebhookReceiver } from '../out/support/webhook-receiver.ts';
import { snapshotRequest } from '../support/api.ts';
import { openCollector } from '../support/collector.ts';
import { MANIFEST_A } from '../support/manifest.ts';
import { TestMcp } from '../support/mcp.ts';

/** Numbers that are what they should be, and absurd: whoever reads, adds or dates them later must not stumble. */

const MOST = Number.MAX_SAFE_INTEGER;

/** In July 2554. */
const LAST_MOMENT = 18_446_744_073_709;

test('counts that add up to more than a number can tell leave everything readable, also after a restart', async () => {
  const data = await mkdtemp(join(tmpdir(), 'dormouse-numbers-'));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const first = await openCollector({ data });
  const agents = [await first.agent({}, MANIFEST_A), await first.agent({}, MANIFEST_A)];
  const request = snapshotRequest();
  const counter = await first.api.expect<ProbeView>('POST', '/probes', { ...request, kind: 'counter' });
  const own = await first.api.expect<ProbeView>('POST', '/probes', {
    ...request,
    kind: 'log',
    template: 'x',
    to: 'process',
    hitsOf: 'each',
  });
  const metric = { from: 1, to: 2, series: [{ count: MOST }, { key: 'a', count: MOST }] };
  for (const agent of agents) {
    const window = (): Capture => agent.capture(counter.id, { kind: 'counter', metric });
    await agent.deliver([window(), window()]);
    await agent.deliver([window()]);
    agent.report(own.id, { seen: MOST, matched: MOST, captured: MOST });
    await agent.handled();
  }
  expect((await first.api.get<ProbeView>(`/probes/${counter.id}`)).hits).toBe(MOST);
  for (const path of [`/metrics?probe=${counter.id}`, '/metrics/prometheus', '/retention', '/services']) {
    const headers = { authorization: `Bearer ${first.adminToken}` };
    expect((await fetch(`${first.url}${API_PREFIX}${path}`, { headers })).status, path).toBe(200);
  }
  for (const agent of agents) await agent.disconnect();
  await first.close();

  const second = await openCollector({ data });
  const { probes } = await second.api.get<{ probes: ProbeView[] }>('/probes');
  expect(probes.map(({ id, hits }) => [id, hits]).toSorted()).toEqual(
    [
      [counter.id, MOST],
      [own.id, MOST],
    ].toSorted(),
  );
});

test('moments that no date can tell are refused, and the last that can pass every door', async () => {
  const [hooks, otlp] = [await openWebhookReceiver(), await openReceiver()];
  const { api, url, adminToken, agent: connect } = await openCollector({ sendTo: ['127.0.0.1'] });
  const agent = await connect({}, MANIFEST_A);
  await api.expect('POST', '/webhooks', { url: hooks.url, events: ['probe.hit'] });
  await api.expect('PUT', '/otlp', { endpoint: otlp.url });
  const { id: probe } = await api.snapshot();
  const span = {
    recorder: 'dormouse',
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    name: 'n',
    startedAt: LAST_MOMENT,
    durationMs: 1e308,
    status: 'ok',
    attributes: { n: 1e308 },
  } as const;
  const series = [{ count: 1, sum: 1e308, min: -1e308, max: 1e308, last: 1e308 }];
  const wrong = [1e308, LAST_MOMENT + 1, 8.64e15].map((at) => agent.capture(probe, { at }));
  const good = [
    agent.capture(probe, { at: LAST_MOMENT, durationMs: 1e308, tookUs: 1e308 }),
    agent.capture(probe, { at: 0, kind: 'span', span }),
    agent.capture(probe, {
      at: LAST_MOMENT,
      kind: 'duration',
      metric: { from: 0, to: LAST_MOMENT, series },
    }),
    agent.capture(probe),
  ];
  await agent.deliver([...wrong, ...good]);

  for (const { id } of wrong) expect((await api.fail('GET', `/captures/${id}`)).code).toBe('NOT_FOUND');
  const mcp = await TestMcp.connect(url, adminToken);
  for (const { id } of good) {
    const shown = await api.get<CaptureView>(`/captures/${id}`);
    expect(renderCapture(shown, plainStyle)).toContain(id);
    await mcp.ask('read_capture', { capture: id });
  }
  await mcp.client.close();
  expect((await otlp.received('logs', 2)).length).toBe(2);
  await otlp.received('traces', 1);
  await otlp.received('metrics', 1);
  const told = await hooks.received(3);
  expect(told.map(({ data }) => data['capture'])).toEqual(
    expect.arrayContaining([good[0]!.id, good[1]!.id, good[3]!.id]),
  );
});
