import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { AGENT_PATH, API_PREFIX, type ErrorBody } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FAILURE_WINDOW_MS, FailedAttempts } from '../src/auth/failed-attempts.ts';
import { isDamaged, mintToken } from '../src/auth/token.ts';
import { IN_MEMORY, startCollector } from '../src/index.ts';
import { TestApi } from './support/api.ts';
import { openCollector, storageOf, type TestCollector } from './support/collector.ts';

const ROUTES = [
  ['GET', '/services'],
  ['GET', '/points?service=trades&file=risk.ts'],
  ['GET', '/builds/abc'],
  ['PUT', '/manifests?service=trades'],
  ['POST', '/probes'],
  ['GET', '/probes'],
  ['GET', '/probes/p_1'],
  ['DELETE', '/probes/p_1'],
  ['GET', '/captures'],
  ['GET', '/captures/1'],
  ['GET', '/stream'],
  ['GET', '/openapi.json'],
  ['GET', '/no-such-route'],
] as const;

/** What the upgrade request of an agent is answered with. */
async function upgrade(collector: TestCollector, authorization?: string, path = AGENT_PATH) {
  const socket = new WebSocket(collector.url.replace('http', 'ws') + path, {
    headers: authorization === undefined ? {} : { authorization },
  });
  return new Promise<{ status: number; body: ErrorBody | undefined }>((resolve, reject) => {
    socket.on('open', () => {
      socket.close();
      resolve({ status: 101, body: undefined });
    });
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as ErrorBody }),
      );
    });
    socket.on('error', reject);
  });
}

describe('every route under the prefix, known or not', () => {
  test.each(ROUTES)('%s %s wants the admin token', async (method, path) => {
    const collector = await openCollector();
    const ask = (authorization?: string): Promise<Response> =>
      fetch(collector.url + API_PREFIX + path, {
        method,
        headers: authorization === undefined ? {} : { authorization },
      });

    for (const authorization of [undefined, '', 'Bearer', 'Basic YTpi', `Bearer ${mintToken('api')}`]) {
      const response = await ask(authorization);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(((await response.json()) as ErrorBody).error.code).toBe('UNAUTHENTICATED');
    }
    const asAgent = await ask(`Bearer ${collector.agentToken}`);
    expect(asAgent.status).toBe(403);
    const { error } = (await asAgent.json()) as ErrorBody;
    expect(error).toEqual({
      code: 'FORBIDDEN',
      message:
        'This is an agent token, which opens /agent/v1 only; the API under /api/v1 needs a token for people (dma_…).',
    });
  });
});

describe('the agents’ door', () => {
  test('opens for the agent token only', async () => {
    const collector = await openCollector();
    expect(await upgrade(collector, `Bearer ${collector.agentToken}`)).toMatchObject({ status: 101 });
    expect(await upgrade(collector)).toMatchObject({
      status: 401,
      body: {
        error: {
          code: 'UNAUTHENTICATED',
          message: 'Send a token in the header `Authorization: Bearer <token>`.',
        },
      },
    });
    expect(await upgrade(collector, `Bearer ${mintToken('agent')}`)).toMatchObject({ status: 401 });
    expect(await upgrade(collector, `Bearer ${collector.adminToken}`)).toMatchObject({
      status: 403,
      body: {
        error: {
          code: 'FORBIDDEN',
          message: 'This is a token for people; agents connect to /agent/v1 with an agent token (dmg_…).',
        },
      },
    });
  });

  test('is nowhere else', async () => {
    const collector = await openCollector();
    expect(await upgrade(collector, `Bearer ${collector.agentToken}`, '/agent/v2')).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND', message: 'Agents connect to /agent/v1, not to /agent/v2.' } },
    });
  });
});

describe('tokens', () => {
  test('are minted at the first start, shown, and work', async () => {
    const collector = await startCollector({ port: 0, ...(await storageOf(IN_MEMORY)), logLevel: 'silent' });
    expect(collector.adminToken).toMatch(/^dma_[0-9A-Za-z]{49}$/);
    expect(collector.agentToken).toMatch(/^dmg_[0-9A-Za-z]{49}$/);
    const api = new TestApi(collector.url, collector.adminToken!);
    expect(await api.get('/services')).toEqual({ services: [] });
    await collector.close();
  });

  test('carry a checksum that tells a mistyped one from a wrong one', async () => {
    const token = mintToken('api');
    expect(isDamaged(token)).toBe(false);
    expect(isDamaged(token.slice(0, -1))).toBe(true);
    expect(isDamaged(`${token}0`)).toBe(true);
    expect(isDamaged(token.replace(/.$/, token.endsWith('0') ? '1' : '0'))).toBe(true);
    expect(isDamaged('chosen-by-a-person')).toBe(false);

    const collector = await openCollector();
    const api = new TestApi(collector.url, token.slice(0, -1));
    expect((await api.fail('GET', '/services')).message).toBe(
      'The token is not whole: it was cut or mistyped. Copy it again.',
    );
  });

  test.each([
    [{ adminToken: 'short' }, 'The chosen admin token must have at least 32 visible ASCII characters.'],
    [
      { agentToken: 'a b'.repeat(20) },
      'The chosen agent token must have at least 32 visible ASCII characters.',
    ],
    [
      { adminToken: 'x'.repeat(32), agentToken: 'x'.repeat(32) },
      'The admin token and the agent token must differ: agents must not have admin rights.',
    ],
  ])('are refused when they are weak: %o', async (tokens, message) => {
    await expect(
      startCollector({ port: 0, ...(await storageOf(IN_MEMORY)), logLevel: 'silent', ...tokens }),
    ).rejects.toThrow(message);
  });
});

describe('many failures', () => {
  test('are answered with 429, while a right token still passes', async () => {
    const { url, api } = await openCollector();
    const wrong = new TestApi(url, 'wrong');
    const codes: string[] = [];
    for (let attempt = 0; attempt < 21; attempt++) codes.push((await wrong.fail('GET', '/services')).code);
    expect(codes.slice(0, 20)).toEqual(Array(20).fill('UNAUTHENTICATED'));
    expect(codes[20]).toBe('TOO_MANY_ATTEMPTS');
    const { headers } = await wrong.request('GET', '/services');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(30);
    expect(await api.get('/services')).toEqual({ services: [] });
  });

  test.each([
    ['counted for whom a trusted proxy asks', ['127.0.0.1'], 'UNAUTHENTICATED'],
    ['counted for the proxy where none is trusted', [], 'TOO_MANY_ATTEMPTS'],
  ])('of agents are %s', async (_how, trustedProxies, code) => {
    const { url } = await openCollector({ trustedProxies });
    const refused = async (from: string): Promise<string> => {
      const headers = { authorization: 'Bearer wrong', 'x-forwarded-for': `127.0.0.1, ${from}` };
      const socket = new WebSocket(url.replace('http', 'ws') + AGENT_PATH, { headers });
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
      return ((await json(response)) as ErrorBody).error.code;
    };
    for (let attempt = 0; attempt < 20; attempt++) await refused('203.0.113.7');
    expect(await refused('203.0.113.7')).toBe('TOO_MANY_ATTEMPTS');
    expect(await refused('203.0.113.8')).toBe(code);
  });

  test('are forgotten after the window, and counted per address', () => {
    const attempts = new FailedAttempts();
    const now = 1_000;
    for (let failure = 0; failure < 20; failure++) expect(attempts.record('a', now)).toBe(0);
    expect(attempts.record('a', now + 1)).toBe(FAILURE_WINDOW_MS - 1);
    expect(attempts.record('b', now + 1)).toBe(0);
    expect(attempts.record('a', now + FAILURE_WINDOW_MS)).toBe(0);
  });
});

test('health needs no token', async () => {
  const { url } = await openCollector();
  for (const [path, status] of [
    ['/healthz', 'ok'],
    ['/readyz', 'ready'],
  ]) {
    const response = await fetch(url + path);
    expect([response.status, await response.json()]).toEqual([200, { status }]);
  }
});
