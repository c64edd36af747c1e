import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { CONTRACT_VERSION, type ProbeRequest, type ProbeView, type ServiceView } from '@dormouse/protocol';
import { weavePaths } from '@dormouse/transformer';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { Client } from '../src/client/client.ts';
import { examine, type Question } from '../src/doctor/examine.ts';
import type { Finding } from '../src/doctor/finding.ts';
import { examineProject } from '../src/doctor/project.ts';
import { Dormouse, startCollector, type RunningCollector } from './dormouse.ts';
import { ScriptedService } from './scripted-service.ts';

/** Each cause is brought about by a woven program with the real runtime at a real collector, and the doctor finds it. */

const MAIN = `import { killSwitch } from '@dormouse/runtime';
let turn = 0;
function work(order) {
  const amount = order.amount;
  return amount * 2;
}
function never(order) {
  return order;
}
function vault(key) {
  return key;
}
process.on('message', (on) => killSwitch(on));
setInterval(() => vault(work({ amount: turn++ })), 5);
if (turn > 1e9) never(await import('./lazy.js'));
`;

let folder: string;
let collector: RunningCollector;
let client: Client;
let program: ChildProcess;

function writeProject(into: string): void {
  mkdirSync(join(into, 'dist'), { recursive: true });
  writeFileSync(
    join(into, 'package.json'),
    '{"name":"orders","type":"module","scripts":{"start":"node dist/main.js"}}',
  );
  writeFileSync(join(into, 'dist/main.js'), MAIN);
  writeFileSync(join(into, 'dist/lazy.js'), 'export function later(x) {\n  return x;\n}\n');
  writeFileSync(join(into, 'dist/broken.js'), 'function (');
}

function start(environment: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, ['--import', '@dormouse/runtime/register', 'dist/main.js'], {
    cwd: folder,
    env: {
      DORMOUSE_URL: collector.url,
      DORMOUSE_TOKEN: collector.agentToken,
      // On a busy machine its probes would rest.
      DORMOUSE_MAX_CPU: '100',
      DORMOUSE_MAX_DELAY: '0',
      ...environment,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function known(service: string, isKnown: (view: ServiceView) => boolean): Promise<void> {
  while (!(await client.services()).some((view) => view.service === service && isKnown(view)))
    await sleep(50);
}

beforeAll(async () => {
  // Below this package, so that the program finds the runtime.
  folder = mkdtempSync(join(import.meta.dirname, '.doctor-'));
  writeProject(folder);
  weavePaths([join(folder, 'dist')], { root: folder });
  collector = await startCollector();
  client = new Client({ url: collector.url, token: collector.adminToken });
  program = start({ DORMOUSE_SERVICE: 'orders', DORMOUSE_DENY: '#vault' });
  // Its manifest comes after it.
  await known('orders', ({ builds }) => builds.length > 0);
});
afterAll(async () => {
  program.kill();
  await collector.stop();
  rmSync(folder, { recursive: true });
});

function* endless(): Generator<string> {
  for (;;) yield 'x'.repeat(1_000);
}

async function diagnose(
  question: Question,
  connection: { url?: string; token?: string | undefined; environment?: string } = {},
): Promise<Finding[]> {
  const { url, adminToken: token } = collector;
  const found: Finding[] = [];
  for await (const finding of examine({ url, token, ...connection }, question)) found.push(finding);
  return found;
}

/** Codes of all that is not good. */
const codes = (findings: readonly Finding[]): string[] =>
  findings.filter(({ verdict }) => verdict !== 'good').map(({ code = '' }) => code);

const place = (request: Partial<ProbeRequest> & Pick<ProbeRequest, 'location'>): Promise<ProbeView> =>
  client.createProbe({ kind: 'snapshot', service: 'orders', ...request });

const WORK = { file: 'dist/main.js', line: 5 };

describe('a probe that does not hit', () => {
  test.concurrent.for<[code: string, request: Partial<ProbeRequest> & Pick<ProbeRequest, 'location'>]>([
    ['never-reached', { location: { file: 'main.js', line: 8 } }],
    ['not-loaded', { location: { file: 'lazy.js', line: 2 } }],
    ['condition', { location: WORK, condition: 'amount < 0' }],
    ['condition-error', { location: WORK, condition: 'order.none.at.all > 0' }],
    ['context', { location: WORK, target: { context: { user: '42' } } }],
    ['denied', { location: { file: 'main.js', line: 11 } }],
    ['no-target', { location: WORK, target: { tags: { zone: 'moon' } } }],
    ['expired', { location: { file: 'main.js', line: 8 }, limits: { expiresInMs: 100 } }],
  ])('is found to be so: %s', async ([code, request], { expect }) => {
    const { id } = await place(request);
    const found = async (): Promise<string[]> => codes(await diagnose({ probe: id }));
    await expect.poll(found).toContain(code);
    const finding = (await diagnose({ probe: id })).find((candidate) => candidate.code === code);
    expect(finding).toMatchObject({
      verdict: 'bad',
      evidence: expect.any(String),
      remedy: expect.any(String),
    });
    await client.removeProbe(id);
  });

  test('says what was read, and how often', async () => {
    const { id } = await place({ location: WORK, condition: 'amount < 0' });
    const words = async () => (await diagnose({ probe: id })).map(({ evidence }) => evidence).join('\n');
    await expect
      .poll(words)
      .toMatch(/seen \d+ times, matched 0; \d+ skipped: the condition did not hold `amount < 0`/);
    await client.removeProbe(id);
    expect(codes(await diagnose({ probe: id }))).toContain('ended');
  });
});

test('a probe that hits has nothing wrong; what its rate leaves out is noted', async () => {
  const { id } = await place({ location: WORK, limits: { hitsPerSecond: 1, hits: 50 } });
  await expect.poll(async () => codes(await diagnose({ probe: id }))).toEqual(['rate-limit-probe']);
  const findings = await diagnose({ probe: id });
  expect(findings.filter(({ verdict }) => verdict === 'bad')).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['collector', 'token', 'processes', 'build', 'place', 'probe', 'process']),
  );
  await client.removeProbe(id);
});

describe('where probes are switched off', () => {
  test('with their service, it is said with the reason', async () => {
    await client.setKillSwitch({ on: true, service: 'orders', reason: 'load test' });
    const found = (await diagnose({ service: 'orders' })).find(({ code }) => code === 'switched-off');
    expect(found?.evidence).toContain('load test');
    await client.setKillSwitch({ on: false, service: 'orders' });
    expect(codes(await diagnose({ service: 'orders' }))).not.toContain('switched-off');
  });

  test('by the program itself', async () => {
    program.send(true);
    await expect.poll(async () => codes(await diagnose({ service: 'orders' }))).toContain('switched-off');
    program.send(false);
    await expect.poll(async () => codes(await diagnose({ service: 'orders' }))).not.toContain('switched-off');
  });

  test('a deny list is shown', async () => {
    await client.putPolicy('orders', { deny: ['#vault'] });
    expect(codes(await diagnose({ service: 'orders' }))).toEqual(['deny-list']);
    await client.putPolicy('orders', {});
  });
});

describe('a place', () => {
  test('that can be probed is shown with its variables', async () => {
    const findings = await diagnose({ service: 'orders', location: WORK });
    expect(findings.at(-1)).toMatchObject({ check: 'place', verdict: 'good' });
    expect(findings.at(-1)?.evidence).toMatch(/^dist\/main\.js:5:3 is in work, with .*amount/);
  });

  test.each([
    ['unknown-file', { file: 'mian.js', line: 5 }, 'dist/main.js'],
    ['no-code-at-line', { file: 'main.js', line: 6 }, '5'],
    ['unknown-function', { file: 'main.js', function: 'wrok' }, 'work'],
    ['left-unwoven', { file: 'broken.js', line: 1 }, 'build'],
  ])('that cannot is found to be so: %s', async (code, location, remedy) => {
    const findings = await diagnose({ service: 'orders', location });
    expect(findings.at(-1)).toMatchObject({ check: 'place', code, remedy: expect.stringContaining(remedy) });
  });
});

describe('what is named wrongly', () => {
  test.each<[code: string, question: Question]>([
    ['unknown-service', { service: 'ordres' }],
    ['unknown-probe', { probe: 'p_0000000000' }],
  ])('is found to be so: %s', async (code, question) => {
    expect(codes(await diagnose(question))).toEqual([code]);
  });
});

describe('processes', () => {
  test('without a manifest, and gone, are found', async () => {
    const other = start({ DORMOUSE_SERVICE: 'lost', DORMOUSE_MANIFEST: '/nowhere.json' });
    await known('lost', ({ agents }) => agents.some(({ connected }) => connected));
    expect(codes(await diagnose({ service: 'lost' }))).toEqual(['no-manifest']);
    other.kill('SIGKILL');
    await expect.poll(async () => codes(await diagnose({ service: 'lost' }))).toEqual(['no-process']);
  });

  test('that rest, lose captures or whose clock is ahead say so', async () => {
    const service = await ScriptedService.connect(collector, 'scripted', '1111222233334444');
    await expect.poll(async () => codes(await diagnose({ service: 'scripted' }))).toEqual([]);
    const { id } = await client.createProbe({
      kind: 'snapshot',
      service: 'scripted',
      location: { file: 'risk.ts', line: 3 },
    });
    const probe = await service.armed(id);
    await expect.poll(async () => codes(await diagnose({ probe: id }))).toContain('no-answer');
    const now = Date.now();
    service.capture(probe, { locals: [], at: now + 60_000 });
    service.report({
      id,
      state: 'armed',
      seen: 9,
      matched: 9,
      captured: 9,
      skipped: {},
      dropped: { queueFull: 8 },
      incomplete: 0,
      pause: { cause: 'probeCpuBudget', since: now, until: now + 60_000 },
    });
    await expect
      .poll(async () => codes(await diagnose({ probe: id })))
      .toEqual(['paused', 'dropped', 'clocks-apart']);
    await service.close();
  });
});

describe('the collector', () => {
  test('that cannot be reached, is none, or does not know the token', async () => {
    const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect(codes(await diagnose({}, { url }))).toEqual(['no-collector']);
    other.close();
    other.closeAllConnections();
    expect(codes(await diagnose({}, { url }))).toEqual(['unreachable']);
    expect(codes(await diagnose({}, { token: 'wrong' }))).toEqual(['wrong-token']);
    expect(codes(await diagnose({}, { environment: 'acme/shop/live' }))).toEqual(['no-environment']);
    expect(codes(await diagnose({}, { token: collector.agentToken }))).toEqual(['forbidden']);
    expect(codes(await diagnose({}, { token: undefined }))).toEqual(['no-token']);
  });
});

test('a process that has just said nothing of a probe is asked again', async () => {
  const service = await ScriptedService.connect(collector, 'prompt', '5555666677778888');
  const { id } = await client.createProbe({
    kind: 'snapshot',
    service: 'prompt',
    location: { file: 'risk.ts', line: 3 },
  });
  const report = { id, state: 'armed', skipped: {}, dropped: {}, incomplete: 0 } as const;
  await service.armed(id);
  service.report({ ...report, seen: 0, matched: 0, captured: 0 });
  await expect.poll(async () => (await client.probe(id)).agents).toHaveLength(1);
  const diagnosis = diagnose({ probe: id });
  await sleep(500);
  service.report({ ...report, seen: 1, matched: 1, captured: 1 });
  expect(codes(await diagnosis)).toEqual([]);
  await service.close();
});

describe('what answers in place of a collector', () => {
  test.each<[what: string, answer: (response: ServerResponse) => void]>([
    ['JSON that is nothing', (response) => response.end('null')],
    ['no JSON', (response) => response.end('{"status":')],
    ['without end', (response) => void pipeline(Readable.from(endless()), response, () => undefined)],
  ])('is found to be none: %s', async (_what, answer) => {
    const other = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect(codes(await diagnose({}, { url }))).toEqual(['no-collector']);
    other.closeAllConnections();
    other.close();
  });

  test('a proxy that is not gone through is named', async () => {
    vi.stubEnv('HTTP_PROXY', 'http://proxy.example:3128');
    const [finding] = await diagnose({}, { url: 'http://collector.invalid:7447' });
    vi.unstubAllEnvs();
    expect(finding).toMatchObject({
      code: 'unreachable',
      remedy: expect.stringContaining('HTTP_PROXY is set'),
    });
  });
});

test('times are told by the clock of the collector, whatever the one here says', async () => {
  const { id } = await place({ location: { file: 'main.js', line: 8 }, limits: { expiresInMs: 600_000 } });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 86_400_000 });
  const findings = await diagnose({ probe: id }).finally(() => vi.useRealTimers());
  await client.removeProbe(id);
  expect(findings.find(({ code }) => code === 'clocks-apart')?.evidence).toMatch(
    /is 2\dh .*ahead of the one here/,
  );
  expect(findings.find(({ check }) => check === 'probe')?.evidence).toMatch(/lives for another (?:9|10)m/);
});

test('what a token may not see is left out', async () => {
  const response = await fetch(`${collector.url}/api/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${collector.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'for orders',
      place: 'default/default/default',
      role: 'viewer',
      services: ['orders'],
    }),
  });
  const { secret: token } = (await response.json()) as { secret: string };
  const { id } = await place({ location: WORK });
  const isSeen = async () => (await client.probe(id)).agents.some(({ seen }) => seen > 0);
  await expect.poll(isSeen).toBe(true);
  const findings = await diagnose({ probe: id }, { token });
  expect(findings.filter(({ verdict }) => verdict === 'bad')).toEqual([]);
  expect(findings.map(({ evidence }) => evidence)).toContainEqual(
    expect.stringMatching(/for orders: viewer in default\/default\/default$/),
  );
  await client.removeProbe(id);
});

describe('the command', () => {
  const doctor = (...args: string[]) =>
    new Dormouse(['doctor', ...args], {
      DORMOUSE_URL: collector.url,
      DORMOUSE_ADMIN_TOKEN: collector.adminToken,
    }).finished;

  test('ends with 1 where something is wrong, and says it in JSON where asked to', async () => {
    const [well, wrong] = await Promise.all([doctor('orders', 'main.js:5', '--json'), doctor('ordres')]);
    expect(well.code).toBe(0);
    expect(JSON.parse(well.out)).toMatchObject({ healthy: true, findings: expect.any(Array) });
    expect(wrong).toMatchObject({ code: 1, err: '' });
    expect(wrong.out).toMatch(
      /✗ service {4}no process of a service "ordres".*\n {13}→ Did you mean orders\?\n\n1 problem\.\n$/,
    );
  });
});

describe('a project', () => {
  let project: string;
  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'dormouse-doctor-'));
    writeProject(project);
  });
  afterAll(() => rmSync(project, { recursive: true }));

  const diagnosed = (where = project, environment: NodeJS.ProcessEnv = { DORMOUSE_TOKEN: 'x' }) =>
    codes([...examineProject(where, environment)]);

  test('that is not woven, has no runtime and does not load it', () => {
    expect(diagnosed()).toEqual(['not-woven', 'no-runtime', 'not-loaded']);
    expect(diagnosed(join(project, 'dist'))).toEqual(['no-project']);
  });

  test('that is woven and loads the runtime lacks nothing', () => {
    rmSync(join(project, 'dist/broken.js'));
    weavePaths([join(project, 'dist')], { root: project });
    const runtime = join(project, 'node_modules/@dormouse/runtime');
    mkdirSync(runtime, { recursive: true });
    writeFileSync(join(runtime, 'package.json'), '{"version":"0.1.0"}');
    writeFileSync(
      join(project, 'package.json'),
      '{"type":"module","scripts":{"start":"node --import @dormouse/runtime/register dist/main.js"}}',
    );
    expect(diagnosed()).toEqual([]);
    expect(diagnosed(project, { DORMOUSE_DISABLED: '1' })).toEqual(['disabled', 'no-agent-token']);
  });

  test('that a compiler wrote over, or whose build has other versions', () => {
    writeFileSync(join(project, 'dist/main.js'), MAIN);
    expect(diagnosed()).toEqual(['written-over']);
    const manifest = join(project, 'dist/dormouse.manifest.json');
    const content = JSON.parse(readFileSync(manifest, 'utf8')) as object;
    weavePaths([join(project, 'dist')], { root: project });
    expect(diagnosed()).toEqual([]);
    writeFileSync(manifest, JSON.stringify({ ...content, contract: 1 }));
    expect(diagnosed()).toEqual(['versions-differ']);
    writeFileSync(manifest, '[]');
    expect(diagnosed()).toEqual(['no-manifest']);
  });

  test('in which something cannot be read is looked at all the same', () => {
    const { status } = spawnSync('mkfifo', [join(project, '.env')]);
    mkdirSync(join(project, '.env.d'));
    symlinkSync('.env.loop', join(project, '.env.loop'));
    symlinkSync('..', join(project, 'dist/again'));
    writeProject(project);
    rmSync(join(project, 'dist/broken.js'));
    weavePaths([join(project, 'dist')], { root: project });
    const findings = [...examineProject(project, { DORMOUSE_TOKEN: 'x' })];
    expect(codes(findings)).toEqual(['not-loaded', 'unread']);
    const { evidence } = findings.find(({ code }) => code === 'unread')!;
    expect(evidence).toContain('.env.d (a folder)');
    expect(evidence).toContain('.env.loop (ELOOP)');
    if (status === 0) expect(evidence).toContain('.env (no file)');
  });

  test.each([
    ['{"manifest":2,"contract":CONTRACT,"buildId":"b","skipped":[],"files":[null]}', 'no-manifest'],
    [
      '{"manifest":2,"contract":CONTRACT,"buildId":"b","skipped":[null],"files":[{"id":"a","output":"a","sources":[]}]}',
      'no-manifest',
    ],
    ['{"manifest":3,"files":{}}', 'versions-differ'],
  ])('whose manifest is %s says so', (text, code) => {
    writeFileSync(
      join(project, 'dist/dormouse.manifest.json'),
      text.replace('CONTRACT', String(CONTRACT_VERSION)),
    );
    expect(diagnosed()).toContain(code);
  });

  test.each(['{"name":', '{"scripts":null}', 'null', '{"scripts":{"start":7}}'])(
    'whose package.json is %s is said to be broken, or taken as it is',
    (text) => {
      writeFileSync(join(project, 'package.json'), text);
      const [first] = [...examineProject(project, {})];
      if (text.endsWith(':'))
        expect(first).toMatchObject({
          code: 'broken-package',
          evidence: expect.stringContaining('package.json cannot be understood'),
        });
      else expect(first?.check).not.toBe('project');
    },
  );
});
