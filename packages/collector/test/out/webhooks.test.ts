import { createHmac } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreatedWebhook, WebhookDelivery, WebhookView } from '@dormouse/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { signedHeaders } from '../../src/out/webhooks/signature.ts';
import type { TestAgent } from '../support/agent.ts';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { MANIFEST_A } from '../support/manifest.ts';
import { isGenuine, openWebhookReceiver, type WebhookReceiver } from './support/webhook-receiver.ts';

const HERE = { sendTo: ['127.0.0.0/8'] };
const SECOND = 1_000;
const DAY = 86_400 * SECOND;

interface Setup {
  readonly collector: TestCollector;
  readonly receiver: WebhookReceiver;
  readonly agent: TestAgent;
  readonly probe: string;
  readonly webhook: CreatedWebhook;
}

async function setUp(request: Record<string, unknown> = {}, options = {}): Promise<Setup> {
  const receiver = await openWebhookReceiver();
  const collector = await openCollector({ ...HERE, ...options });
  const agent = await collector.agent({}, MANIFEST_A);
  const webhook = await collector.api.expect<CreatedWebhook>('POST', '/webhooks', {
    url: receiver.url,
    ...request,
  });
  const { id } = await collector.api.snapshot();
  return { collector, receiver, agent, probe: id, webhook };
}

/** Time passes for everything that is due, and something happens, at which it is looked for. */
async function pass(ms: number, { agent, probe }: Setup): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await agent.deliver([agent.capture(probe)]);
}

async function deliveries({ collector: { api }, webhook }: Setup): Promise<WebhookDelivery[]> {
  const { deliveries: all } = await api.get<{ deliveries: WebhookDelivery[] }>(
    `/webhooks/${webhook.id}/deliveries`,
  );
  return all;
}

async function onlyWebhook({ collector: { api } }: Setup): Promise<WebhookView> {
  const { webhooks } = await api.get<{ webhooks: WebhookView[] }>('/webhooks');
  return webhooks[0]!;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('messages', () => {
  test('tell of a hit, signed, without any captured value', async () => {
    const { receiver, agent, probe, webhook, collector } = await setUp({ events: ['probe.hit'] });
    const capture = agent.capture(probe, {
      locals: [{ key: 'score', value: { type: 'string', value: 'hush' } }],
    });
    await agent.deliver([capture]);
    const [message] = await receiver.received(1);
    expect(message).toMatchObject({
      id: `hit-${capture.id}`,
      type: 'probe.hit',
      data: { probe, capture: capture.id, service: 'trades', kind: 'snapshot', hit: 1 },
    });
    expect(message!.body).not.toContain('hush');
    expect(isGenuine(webhook.secret, message!)).toBe(true);
    expect(isGenuine(webhook.secret, { ...message!, body: message!.body.replace('trades', 'tirade') })).toBe(
      false,
    );
    expect(isGenuine(webhook.secret, { ...message!, timestamp: message!.timestamp + 1 })).toBe(false);
    expect(isGenuine(webhook.secret.replace(/.{6}$/, 'AAAAAA'), message!)).toBe(false);
    expect(JSON.stringify(await collector.api.get('/webhooks'))).not.toContain(webhook.secret);
  });

  test('have the values where somebody has asked for them', async () => {
    const { receiver, agent, probe } = await setUp({ events: ['probe.hit'], values: true });
    await agent.deliver([agent.capture(probe)]);
    const [message] = await receiver.received(1);
    expect(message!.data['evidence']).toMatchObject({ locals: [{ key: 'score' }] });
  });

  test('tell of verdicts, pauses and ends, each once', async () => {
    const { receiver, agent, probe, collector } = await setUp({
      events: ['probe.verdict', 'probe.paused', 'probe.ended'],
    });
    const now = Date.now();
    const pause = { cause: 'cpuBudget', since: now, until: now + 1_000 } as const;
    const check = { held: 3, violated: 1, failed: 0, verdict: 'violated' } as const;
    agent.report(probe, { pause });
    await receiver.received(1);
    agent.report(probe, { state: 'disarmed', cause: 'expired', pause, check });
    await agent.handled();
    await collector.api.expect('DELETE', `/probes/${probe}`);
    agent.report(probe, { state: 'disarmed', cause: 'removed', check });
    await agent.handled();
    await receiver.received(3);
    const more = await collector.api.snapshot();
    await collector.api.expect('DELETE', `/probes/${more.id}`);
    const messages = await receiver.received(4);
    expect(messages.map(({ id, type }) => [type, id]).sort()).toEqual(
      [
        ['probe.paused', `paused-${agent.identity.instance}-${now}`],
        ['probe.verdict', `verdict-${probe}-${agent.identity.instance}`],
        ['probe.ended', `ended-${probe}`],
        ['probe.ended', `ended-${more.id}`],
      ].sort(),
    );
    expect(messages.find(({ type }) => type === 'probe.verdict')!.data).toMatchObject({
      verdict: 'violated',
    });
  });

  test('are of the service and the probe that were asked for', async () => {
    const { receiver, agent, probe, collector } = await setUp({
      events: ['probe.hit'],
      service: 'trades',
      probe: 'p',
    });
    await collector.api.expect('POST', '/webhooks', { url: receiver.url, service: 'prices' });
    const wanted = await collector.api.expect<CreatedWebhook>('POST', '/webhooks', {
      url: receiver.url,
      probe,
    });
    await agent.deliver([agent.capture(probe)]);
    const [message] = await receiver.received(1);
    expect(isGenuine(wanted.secret, message!)).toBe(true);
    expect(receiver.messages).toHaveLength(1);
  });

  test('are signed as the example of the specification says', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const body = '{"test": 2432232314}';
    const headers = signedHeaders(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_000, body);
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const content = `msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.${body}`;
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    expect(createHmac('sha256', key).update(content).digest('base64')).toBe(
      headers['webhook-signature'].slice(3),
    );
  });
});

describe('a receiver that fails', () => {
  test('is sent the same message again later, with the same id and a new signature', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const setup = await setUp({ events: ['probe.hit'] });
    const { receiver, agent, probe, webhook } = setup;
    receiver.answer = { status: 503 };
    await agent.deliver([agent.capture(probe)]);
    await receiver.received(1);
    await expect
      .poll(() => deliveries(setup))
      .toMatchObject([{ state: 'waiting', attempts: 1, outcome: 'Answered 503.' }]);
    await expect.poll(() => onlyWebhook(setup)).toMatchObject({ failingSince: expect.any(Number) });
    receiver.answer = { status: 200 };
    await pass(7 * SECOND, setup);
    const [first, ...others] = await receiver.received(3);
    const again = others.find(({ id }) => id === first!.id)!;
    expect(again.timestamp).toBeGreaterThan(first!.timestamp);
    expect(isGenuine(webhook.secret, again)).toBe(true);
    await expect
      .poll(async () => (await deliveries(setup)).map(({ state }) => state))
      .toEqual(['delivered', 'delivered']);
    await expect.poll(() => onlyWebhook(setup)).not.toHaveProperty('failingSince');
  });

  test('after three days is sent nothing more, until a test comes through', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const setup = await setUp({ events: ['probe.hit'] });
    const { receiver, agent, probe, webhook, collector } = setup;
    receiver.answer = { status: 500 };
    await agent.deliver([agent.capture(probe)]);
    await expect.poll(() => onlyWebhook(setup)).toHaveProperty('failingSince');
    vi.setSystemTime(Date.now() + 3 * DAY);
    await collector.api.snapshot().then(({ id }) => agent.deliver([agent.capture(id)]));
    await expect
      .poll(() => onlyWebhook(setup))
      .toMatchObject({ disabled: { reason: expect.stringContaining('Nothing has come through since') } });
    const test = `/webhooks/${webhook.id}/test`;
    expect(await collector.api.expect('POST', test)).toEqual({ succeeded: false, outcome: 'Answered 500.' });
    expect(await onlyWebhook(setup)).toHaveProperty('disabled');
    receiver.answer = { status: 200 };
    expect(await collector.api.expect('POST', test)).toEqual({ succeeded: true, outcome: 'Answered 200.' });
    expect(await onlyWebhook(setup)).not.toHaveProperty('disabled');
    expect(receiver.messages.at(-1)).toMatchObject({ type: 'webhook.test' });
  });

  test.each(['1e300', 'Infinity', '999999999999', '-5', 'soon', '86400000'])(
    'with "Retry-After: %s" is asked again within a day',
    async (after) => {
      const setup = await setUp({ events: ['probe.hit'] });
      setup.receiver.answer = { status: 503, headers: { 'retry-after': after } };
      await setup.agent.deliver([setup.agent.capture(setup.probe)]);
      await expect.poll(() => deliveries(setup)).toMatchObject([{ state: 'waiting', attempts: 1 }]);
      const [{ dueAt } = {}] = await deliveries(setup);
      expect(dueAt).toBeGreaterThan(Date.now());
      expect(dueAt).toBeLessThanOrEqual(Date.now() + DAY);
    },
  );

  test('by not answering holds up no other, and not the end of the collector', async () => {
    const { collector, receiver, agent, probe } = await setUp({ events: ['probe.hit'] });
    receiver.answer = 'silence';
    const other = await openWebhookReceiver();
    await collector.api.expect('POST', '/webhooks', { url: other.url, events: ['probe.hit'] });
    for (let times = 1; times <= 3; times++) {
      await agent.deliver([agent.capture(probe)]);
      // Long before the other one is given up.
      await expect.poll(() => other.messages, { timeout: 5_000 }).toHaveLength(times);
    }
    expect(receiver.messages).toHaveLength(1);
    await collector.close();
  });

  test('with 410 wants no more', async () => {
    const setup = await setUp();
    setup.receiver.answer = { status: 410 };
    await setup.agent.deliver([setup.agent.capture(setup.probe)]);
    await expect
      .poll(() => onlyWebhook(setup))
      .toMatchObject({ disabled: { reason: expect.stringContaining('410') } });
  });

  test('finds what waited for it after a restart of the collector', async () => {
    const data = mkdtempSync(join(tmpdir(), 'dormouse-webhooks-'));
    const { receiver, agent, probe, collector } = await setUp({ events: ['probe.hit'] }, { data });
    receiver.answer = { status: 503, headers: { 'retry-after': '1' } };
    await agent.deliver([agent.capture(probe)]);
    await receiver.received(1);
    await agent.disconnect();
    await collector.close();
    receiver.answer = { status: 200 };
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * SECOND });
    await openCollector({ ...HERE, data });
    const [first, second] = await receiver.received(2);
    expect(second!.id).toBe(first!.id);
  });
});

describe('where they go', () => {
  test('redirects are not followed', async () => {
    const setup = await setUp();
    const elsewhere = await openWebhookReceiver();
    setup.receiver.answer = { status: 302, headers: { location: elsewhere.url } };
    const path = `/webhooks/${setup.webhook.id}/test`;
    expect(await setup.collector.api.expect('POST', path)).toEqual({
      succeeded: false,
      outcome: 'Answered 302, a redirect, which is not followed.',
    });
    expect(elsewhere.messages).toEqual([]);
  });

  test.each([
    'http://127.0.0.1/',
    'http://localhost:80/',
    'http://0/',
    'http://0x7f000001/',
    'http://10.1.2.3/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
  ])('never to %s, unless it is allowed', async (url) => {
    const { api } = await openCollector();
    expect(await api.fail('POST', '/webhooks', { url })).toMatchObject({
      code: 'INVALID_REQUEST',
      path: 'url',
    });
  });

  test('a name is as good as its addresses', async () => {
    const receiver = await openWebhookReceiver();
    const url = receiver.url.replace('127.0.0.1', 'localhost');
    const strict = await openCollector();
    expect((await strict.api.fail('POST', '/webhooks', { url })).message).toContain('localhost is ');
    const { api } = await openCollector({ sendTo: ['127.0.0.0/8', '::1'] });
    const { id } = await api.expect<CreatedWebhook>('POST', '/webhooks', { url });
    expect(await api.expect('POST', `/webhooks/${id}/test`)).toMatchObject({ succeeded: true });
    const nowhere = 'https://no-such-host.invalid/';
    expect((await api.fail('POST', '/webhooks', { url: nowhere })).message).toContain('cannot be found');
  });

  test('an address that is no longer allowed is not even connected to', async () => {
    const data = mkdtempSync(join(tmpdir(), 'dormouse-webhooks-'));
    const { receiver, collector, webhook } = await setUp({}, { data });
    await collector.close();
    const strict = await openCollector({ data, sendTo: [] });
    expect(await strict.api.expect('POST', `/webhooks/${webhook.id}/test`)).toEqual({
      succeeded: false,
      outcome: '127.0.0.1 is not a public address.',
    });
    expect(receiver.messages).toEqual([]);
  });

  test('a webhook that was deleted is told of nothing', async () => {
    const { receiver, collector, webhook, agent, probe } = await setUp();
    expect(await collector.api.expect('DELETE', `/webhooks/${webhook.id}`)).toMatchObject({ id: webhook.id });
    expect(await collector.api.fail('POST', `/webhooks/${webhook.id}/test`)).toMatchObject({
      code: 'NOT_FOUND',
    });
    const other = await openWebhookReceiver();
    await collector.api.expect('POST', '/webhooks', { url: other.url });
    await agent.deliver([agent.capture(probe)]);
    await other.received(1);
    expect(receiver.messages).toEqual([]);
  });
});
