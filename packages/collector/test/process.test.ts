import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CaptureView, ProbeView, ServiceView } from '@dormouse/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LEASE_MS } from '../src/storage/contract/presence.ts';
import { TestAgent } from './support/agent.ts';
import { TestApi } from './support/api.ts';
import { storageOf } from './support/collector.ts';
import { MANIFEST_A } from './support/manifest.ts';

/** The collector as it is run: a process of its own. With `DORMOUSE_TEST_DATABASE` on PostgreSQL. */

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let data: string;
const children = new Set<ChildProcess>();

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'dormouse-collector-'));
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  rmSync(data, { recursive: true, force: true });
});

interface Started {
  readonly url: string;
  readonly adminToken?: string;
  readonly agentToken?: string;
}

function run(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  return child;
}

async function start(args: readonly string[] = [], env: Record<string, string> = {}) {
  const storage = Object.entries(await storageOf(data)).flatMap(([name, value]) => [`--${name}`, value]);
  const child = run(['--port', '0', ...storage, '--json', ...args], env);
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return {
    ...(JSON.parse(line) as Started),
    child,
    log: () => log,
    async stop(signal: NodeJS.Signals) {
      const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
      child.kill(signal);
      return exited;
    },
  };
}

/** Runs to the end. */
async function finish(args: readonly string[], env: Record<string, string> = {}) {
  const child = run(args, env);
  const output = { stdout: '', stderr: '' };
  child.stdout!.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

test('killed and started again, it has lost no probe and no acknowledged capture', async () => {
  const first = await start();
  const api = new TestApi(first.url, first.adminToken!);
  const agent = await TestAgent.connect(first.url, first.agentToken!, {}, MANIFEST_A);
  const kept = await api.snapshot({ condition: 'score > 40', limits: { hits: 100_000 } });
  const removed = await api.snapshot();
  await api.expect('DELETE', `/probes/${removed.id}`);
  agent.report(kept.id, { state: 'armed', seen: 3 });

  // Killed while batches keep coming, at some moment from a message's arrival to its answer: only what was
  // acknowledged must be there.
  const acknowledged: string[] = [];
  const killing = once(first.child, 'exit');
  for (;;) {
    const batch = Array.from({ length: 20 }, () => agent.capture(kept.id));
    agent.send({ type: 'captures', batch: acknowledged.length, captures: batch });
    if (acknowledged.length === 200) setTimeout(() => first.child.kill('SIGKILL'), 20 * Math.random());
    const answer = await Promise.race([agent.next('stored'), killing]);
    if (Array.isArray(answer)) break;
    acknowledged.push(...batch.map((capture) => capture.id));
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);

  const second = await start();
  expect(second.adminToken).toBeUndefined();
  expect(second.agentToken).toBeUndefined();
  const again = new TestApi(second.url, first.adminToken!);
  const stored: string[] = [];
  for (let after = '0'; ;) {
    const page = await again.get<{ captures: CaptureView[]; next?: string }>(
      `/captures?limit=1000&after=${after}`,
    );
    stored.push(...page.captures.map((capture) => capture.id));
    if (page.next === undefined) break;
    after = page.next;
  }
  expect(stored).toEqual(expect.arrayContaining(acknowledged));

  const probe = await again.get<ProbeView>(`/probes/${kept.id}`);
  expect(probe).toMatchObject({
    state: 'active',
    hits: stored.length,
    agents: [{ state: 'armed', seen: 3 }],
  });
  expect(await again.get(`/probes/${removed.id}`)).toMatchObject({ state: 'ended', endCause: 'removed' });
  const back = await TestAgent.connect(
    second.url,
    first.agentToken!,
    { instance: agent.identity.instance },
    MANIFEST_A,
  );
  expect(back.received.find((message) => message.type === 'welcome')?.manifestNeeded).toBe(false);
  expect(back.received.find((message) => message.type === 'probes')?.probes).toMatchObject([
    { id: kept.id, condition: { source: 'score > 40' } },
  ]);

  // What was sent and not acknowledged is sent again, and nothing is there twice.
  const resent = agent.capture(kept.id, { id: acknowledged[0]! });
  await back.deliver([resent]);
  expect((await again.get<ProbeView>(`/probes/${kept.id}`)).hits).toBe(stored.length);
  await second.stop('SIGTERM');
});

test('a probe whose time ran out while the collector was down ends when it is back', async () => {
  const first = await start();
  const api = new TestApi(first.url, first.adminToken!);
  await TestAgent.connect(first.url, first.agentToken!, {}, MANIFEST_A);
  const probe = await api.snapshot({ limits: { expiresInMs: 400 } });
  await first.stop('SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const second = await start();
  const again = new TestApi(second.url, first.adminToken!);
  expect(await again.get(`/probes/${probe.id}`)).toMatchObject({ state: 'ended', endCause: 'expired' });
  const isConnected = async (): Promise<boolean | undefined> =>
    (await again.get<{ services: ServiceView[] }>('/services')).services[0]?.agents[0]?.connected;
  // On PostgreSQL the one that was killed may still have it, until it has not been heard of for a while.
  await expect.poll(isConnected, { timeout: 2 * LEASE_MS }).toBe(false);
});

/** What has begun and never ends: a request, a frame of an agent; and a viewer who does not read. */
function halvesFor({ adminToken, agentToken }: { adminToken: string; agentToken: string }): string[] {
  const head = (first: string, token: string, ...lines: string[]): string =>
    [`${first} HTTP/1.1`, 'host: x', `authorization: Bearer ${token}`, ...lines, '', ''].join('\r\n');
  const upgrade = [
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  return [
    '',
    'GET /api/v1/services HTTP/1.1\r\nauth',
    head('GET /agent/v1', agentToken, ...upgrade) + '\x82\xfe\x10\x00\x00\x00\x00\x00half a frame',
    head('GET /api/v1/stream?after=0', adminToken, ...upgrade),
  ];
}

async function sendHalf(port: number, text: string): Promise<void> {
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(text, 'latin1', resolve));
}

describe('stopping', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s is graceful, whatever hangs on to it', async (signal) => {
    const { url, adminToken, agentToken, stop, log } = await start();
    const agent = await TestAgent.connect(url, agentToken!, {}, MANIFEST_A);
    const told = agent.closed();
    const stream = await fetch(`${url}/api/v1/stream`, {
      headers: { authorization: `Bearer ${adminToken}` },
    });
    const halves = halvesFor({ adminToken: adminToken!, agentToken: agentToken! });
    await Promise.all(halves.map((text) => sendHalf(Number(new URL(url).port), text)));

    const before = Date.now();
    expect(await stop(signal)).toEqual([0, null]);
    // Who says nothing at all would be cut off after 10 s anyway.
    expect(Date.now() - before).toBeLessThan(8_000);
    expect(await told).toEqual({ code: 1001, reason: 'the collector is stopping' });
    expect(await stream.text()).toMatch(/^retry: 1000\n\n$/);
    expect(log()).not.toMatch(/"level":"(error|fatal)"/);
  });

  test('waits, where it is asked to, until load balancers have heard that it is not ready', async () => {
    const { url, adminToken, child } = await start(['--drain', '2']);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const readiness = async () => (await fetch(`${url}/readyz`)).json();
    await expect.poll(readiness).toEqual({ status: 'unavailable', reason: 'draining' });
    expect(await new TestApi(url, adminToken!).get('/services')).toEqual({ services: [] });
    expect(await exited).toEqual([0, null]);
  });

  test('happens at once at a second signal, which one that came twice is not', async () => {
    const { child } = await start(['--drain', '60']);
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect(await exited).toEqual([1, null]);
  });
});

test('the log is lines of JSON with the same fields everywhere', async () => {
  const { url, agentToken, log, stop } = await start(['--log-level', 'debug']);
  await TestAgent.connect(url, agentToken!, {}, MANIFEST_A);
  await fetch(`${url}/readyz?secret=of-the-query`);
  await stop('SIGTERM');
  const lines = log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines) {
    expect(line).toMatchObject({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: expect.stringMatching(/^(debug|info|warn)$/),
      msg: expect.any(String),
      pid: expect.any(Number),
    });
  }
  const said = (msg: string) => lines.find((line) => line['msg'] === msg);
  expect(said('collector started')).toMatchObject({ url });
  expect(said('agent connected')).toMatchObject({ service: 'trades', buildId: MANIFEST_A.buildId });
  expect(said('request')).toMatchObject({ method: 'GET', route: '/readyz', status: 200 });
  expect(said('stopped')).toBeDefined();
  expect(log()).not.toContain('of-the-query');
});

test.each([
  ['/probes', 'application/json'],
  ['/imports', 'application/x-ndjson'],
])(
  'a request to %s that is cut off when the collector stops is no error, and holds up nothing',
  async (path, type) => {
    const { url, adminToken, log, stop } = await start([]);
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    socket.write(
      `POST /api/v1${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${adminToken}\r\n` +
        `content-type: ${type}\r\ncontent-length: 100000\r\n\r\n{"service":`,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await stop('SIGTERM')).toEqual([0, null]);
    expect(log()).toContain('"stopped"');
    expect(log()).not.toMatch(/"level":"(?:warn|error)"/);
  },
);

describe('tokens', () => {
  test('are shown once, in the open, with what they are for', async () => {
    const child = run(['--port', '0', '--data', data]);
    const lines = createInterface(child.stdout!);
    const shown: string[] = [];
    for await (const line of lines) {
      shown.push(line);
      if (line.includes('--rotate-tokens')) break;
    }
    expect(shown.join('\n')).toMatch(
      /^Dormouse collector at http:\/\/127\.0\.0\.1:\d+\n\n {2}These tokens are shown once and stored nowhere\. Keep them now\.\n\n {2}admin token {2}dma_\w{49} .*\n {2}agent token {2}dmg_\w{49} .*\n\n/,
    );
  });

  test('are nowhere on disk and nowhere in the log', async () => {
    const { adminToken, agentToken, url, stop, log } = await start(['--log-level', 'trace']);
    const api = new TestApi(url, adminToken!);
    const agent = await TestAgent.connect(url, agentToken!, {}, MANIFEST_A);
    const probe = await api.snapshot();
    const secret = 'a-value-that-was-captured';
    await agent.deliver([agent.capture(probe.id, { message: secret })]);
    await new TestApi(url, agentToken!).fail('GET', '/services');
    await stop('SIGTERM');
    const files = readdirSync(data).map((name) => readFileSync(join(data, name), 'latin1'));
    for (const token of [adminToken!, agentToken!]) {
      expect(log()).not.toContain(token);
      for (const file of files) expect(file).not.toContain(token);
    }
    expect(log()).toContain('probe created');
    expect(log()).not.toContain(secret);
  });

  test('rotate on request: the old ones are worth nothing', async () => {
    const first = await start();
    await first.stop('SIGTERM');
    const second = await start(['--rotate-tokens']);
    expect(second.adminToken).toMatch(/^dma_/);
    expect(second.adminToken).not.toBe(first.adminToken);
    expect((await new TestApi(second.url, first.adminToken!).fail('GET', '/services')).code).toBe(
      'UNAUTHENTICATED',
    );
    expect(await new TestApi(second.url, second.adminToken!).get('/services')).toEqual({ services: [] });
  });

  test('chosen by environment are used, kept, and not shown', async () => {
    const env = {
      DORMOUSE_ADMIN_TOKEN: 'an-admin-token-chosen-by-the-operator',
      DORMOUSE_AGENT_TOKEN: 'an-agent-token-chosen-by-the-operator',
    };
    const first = await start([], env);
    expect(first.adminToken).toBeUndefined();
    expect(first.agentToken).toBeUndefined();
    await first.stop('SIGTERM');
    const second = await start();
    expect(await new TestApi(second.url, env.DORMOUSE_ADMIN_TOKEN).get('/services')).toEqual({
      services: [],
    });
  });
});

describe.skipIf(process.env['DORMOUSE_TEST_DATABASE'] !== undefined)('the data folder', () => {
  test('is for its owner only', async () => {
    await start(['--data', join(data, 'new')]);
    expect(statSync(join(data, 'new')).mode & 0o777).toBe(0o700);
    expect(statSync(join(data, 'new', 'collector.db')).mode & 0o777).toBe(0o600);
  });

  test('is for one collector at a time', async () => {
    await start();
    const second = await finish(['--port', '0', '--data', data]);
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: `Another collector uses ${data}. Stop it, or give this one a folder of its own with --data.\n`,
    });
  });
});

describe('the command line', () => {
  // What else it refuses is in command-line.test.ts.
  test.each([
    [['--prot', '1'], 'There is no --prot. Did you mean --port?'],
    [['--data', '/dev/null/x'], 'The data folder /dev/null/x cannot be used'],
  ])('%o is refused with what to do', async (args, message) => {
    const { code, stderr } = await finish(['--data', data, ...args]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('says when its port is taken', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    const { code, stderr } = await finish(['--port', port, '--data', ':memory:']);
    expect(code).toBe(1);
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}`);
  });

  test('explains itself', async () => {
    const { code, stdout } = await finish(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--rotate-tokens');
  });
});

test('a warning tells that the network can read along', async () => {
  const { url, log } = await start(['--host', '0.0.0.0']);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  await expect.poll(log).toContain('Listening on 0.0.0.0 WITHOUT TLS');
});
