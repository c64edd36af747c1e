import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { CreatedWebhook, WebhookDelivery } from '@dormouse/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startCollector, type RunningCollector } from './dormouse.ts';

let collector: RunningCollector;
let receiver: Server;
let url: string;
const types: string[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    request.setEncoding('utf8').once('data', (body: string) => {
      types.push((JSON.parse(body) as { type: string }).type);
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  collector = await startCollector(':memory:', '0', ['--send-to', '127.0.0.1']);
});

afterAll(async () => {
  receiver.close();
  await collector.stop();
});

describe('webhook', () => {
  test('creates, tests, lists and deletes', async () => {
    const created = await collector.run(
      'webhook',
      'create',
      url,
      '--event',
      'verdict',
      '--service',
      'trades',
    );
    const id = /^wh_\w+/.exec(created.out)?.[0] ?? '';
    expect(created).toMatchObject({
      code: 0,
      out: expect.stringMatching(/secret {2}whsec_\S+\nIt is shown once/),
    });
    expect(await collector.run('webhook', 'test', id)).toMatchObject({
      code: 0,
      out: 'It came through: Answered 204.\n',
    });
    expect(types).toEqual(['webhook.test']);
    const listed = await collector.run('webhook');
    expect(listed.out).toContain(`${id}  ${url}  verdict of trades  working`);
    expect(listed.out).not.toContain('whsec_');
    expect(await collector.json<{ deliveries: WebhookDelivery[] }>('webhook', 'messages', id)).toEqual({
      deliveries: [],
    });
    expect((await collector.run('webhook', 'delete', id)).out).toBe(`${id} is told of nothing any more.\n`);
    expect((await collector.run('webhook')).out).toContain('There are no webhooks');
  });

  test('a test that does not come through fails', async () => {
    const { id } = await collector.json<CreatedWebhook>('webhook', 'create', 'http://127.0.0.1:1/');
    expect(await collector.run('webhook', 'test', id)).toMatchObject({
      code: 1,
      out: expect.stringContaining('It did not come through: connect ECONNREFUSED'),
    });
    await collector.run('webhook', 'delete', id);
  });

  test('says what is missing, what there is not, and where it may not go', async () => {
    expect((await collector.run('webhook', 'create')).err).toContain('URL is missing');
    expect((await collector.run('webhook', 'remove', 'x')).err).toContain(
      '"remove" is none of list, create, test, messages, delete.',
    );
    expect((await collector.run('webhook', 'create', url, '--event', 'hits')).err).toContain(
      'is none of hit, verdict, paused, ended',
    );
    expect((await collector.run('webhook', 'create', 'http://10.0.0.1/')).err).toContain('--send-to');
    expect(await collector.run('webhook', 'test', 'wh_0')).toMatchObject({
      code: 1,
      err: expect.stringContaining('wh_0'),
    });
  });
});

test('otlp shows, sets and ends where OpenTelemetry goes', async () => {
  expect((await collector.run('otlp')).out).toContain('Nothing is sent');
  const set = await collector.run(
    'otlp',
    'set',
    'http://127.0.0.1:4318',
    '--header',
    'api-key=k',
    '--signal',
    'logs',
  );
  expect(set.out).toMatch(/^To http:\/\/127\.0\.0\.1:4318 with api-key\n/);
  expect(set.out).toMatch(/\nlogs +0 +0 +0 +\d+ {2}working\n$/);
  expect((await collector.run('otlp', 'set', 'http://127.0.0.1:4318', '--signal', 'log')).err).toContain(
    'logs',
  );
  expect((await collector.run('otlp', 'off')).out).toContain('Nothing is sent');
});
