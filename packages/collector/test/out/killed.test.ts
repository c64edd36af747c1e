import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TestAgent } from '../support/agent.ts';
import { MANIFEST_A } from '../support/manifest.ts';
import { startProgram, TOKENS, type StartedProgram } from '../support/program.ts';
import { storageFlags } from '../support/storage-of.ts';
import { attributesOf, openReceiver } from './support/otlp-receiver.ts';
import { openWebhookReceiver } from './support/webhook-receiver.ts';

/** A collector of its own process, with a folder of its own, is killed at a random moment while it sends. */

const KILLS = Number(process.env['DORMOUSE_KILLS'] ?? 1);
const HITS = 200;

const start = async (data: string, endpoint: string): Promise<StartedProgram> =>
  startProgram([...(await storageFlags(data)), '--send-to', '127.0.0.1'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
  });

test.each(Array.from({ length: KILLS }, (_, index) => index + 1))(
  'all that it acknowledged is sent at least once, and every message has one id: %i',
  async () => {
    const data = mkdtempSync(join(tmpdir(), 'dormouse-killed-'));
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    const [receiver, hooks] = [await openReceiver(), await openWebhookReceiver()];
    const { child, url, api } = await start(data, receiver.url);
    const agent = await TestAgent.connect(url, TOKENS.DORMOUSE_AGENT_TOKEN, {}, MANIFEST_A);
    const { id } = await api.snapshot({ limits: { hits: 100_000 } });
    await api.expect('POST', '/webhooks', { url: hooks.url, events: ['probe.hit'] });
    await expect
      .poll(async () => (await api.get<{ signals: { sent?: number }[] }>('/otlp')).signals)
      .toHaveLength(1);

    const acknowledged: string[] = [];
    for (let sent = 0; sent < HITS; sent += 20) {
      const batch = Array.from({ length: 20 }, () => agent.capture(id));
      await agent.deliver(batch);
      acknowledged.push(...batch.map((capture) => capture.id));
    }
    const killed = once(child, 'exit');
    setTimeout(() => child.kill('SIGKILL'), 400 * Math.random());
    await killed;

    await start(data, receiver.url);
    const sent = (): unknown[] =>
      receiver.records('logs').map(({ record }) => attributesOf(record)['dormouse.capture.id']);
    await expect.poll(() => new Set(sent()).size, { timeout: 15_000 }).toBe(HITS);
    expect(new Set(sent())).toEqual(new Set(acknowledged));
    await expect
      .poll(() => new Set(hooks.messages.map((message) => message.id)).size, { timeout: 15_000 })
      .toBe(HITS);
    expect(receiver.problems).toEqual([]);
  },
);
