import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { CapturedValue, CaptureView, ProbeView } from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { Dormouse, startCollector, type RunningCollector } from './dormouse.ts';
import { MANIFEST, ScriptedService } from './scripted-service.ts';

const SERVICE = '1111222233334444';

let collector: RunningCollector;
let service: ScriptedService;

beforeAll(async () => {
  collector = await startCollector();
  service = await ScriptedService.connect(collector, 'trades', SERVICE);
});
afterAll(async () => {
  await service.close();
  expect((await collector.stop()).code).toBe(0);
});
afterEach(async () => {
  await collector.run('remove', '--all');
});

const AMOUNT = { key: 'amount', value: { type: 'number', value: 48_212.5 } as CapturedValue };

describe('services and points', () => {
  test('services are listed with their processes and builds', async () => {
    const { code, out } = await collector.run('services');
    expect(code).toBe(0);
    expect(out.replaceAll(/up \d+s/g, 'up 0s')).toBe(
      `trades  1 process connected, 1 build

  INSTANCE          STATE  VERSION  BUILD         HOST       NODE     TAGS
  1111222233334444  up 0s  1.2.3    0123456789ab  host-1:42  v24.0.0  zone=eu

  BUILD         COMMIT        FILES  FUNCTIONS  POINTS  SKIPPED
  0123456789ab  c0ffee000000      1          1       2        0
`,
    );
  });

  test('points are listed with their variables', async () => {
    expect(await collector.run('points', 'risk.ts')).toEqual({
      code: 0,
      out: 'LINE  COLUMN  FUNCTION  VARIABLES\n   2       3  assess    order\n   3       3  assess    order, amount\n',
      err: `src/risk.ts in build ${MANIFEST.buildId} of trades\n`,
    });
    const { points } = await collector.json<{ points: { line: number }[] }>('points', 'risk.ts:3');
    expect(points.map(({ line }) => line)).toEqual([3]);
  });

  test('a file that does not exist is answered with the nearest', async () => {
    const { code, err } = await collector.run('points', 'rsik.ts', '--service', 'trades');
    expect(code).toBe(1);
    expect(err).toMatch(/^error .*rsik\.ts.*src\/risk\.ts.*\[UNKNOWN_FILE\]/s);
  });
});

describe('path', () => {
  test('asks for a call, waits for it and prints it', async () => {
    const followed = collector.start(
      'path',
      'risk.ts:assess',
      '--if',
      '$error',
      '--until',
      '3',
      '--steps',
      '20',
      '--depth',
      '2',
    );
    const probe = await service.armed();
    expect(probe).toMatchObject({
      condition: { source: '$error' },
      until: { pointIndex: 1 },
      path: { steps: 20, root: { function: 'assess' }, includes: [] },
      capture: { depth: 2 },
      limits: { hits: 1 },
    });
    service.capture(probe, {
      on: 'end',
      path: {
        functions: [{ name: 'assess', source: 'src/risk.ts' }],
        calls: [{ function: 0, depth: 0 }],
        steps: [{ call: 0, line: 2, column: 3, us: 1, changed: [AMOUNT] }],
        ended: 'reached',
      },
    });
    const { code, out } = await followed.finished;
    expect(code).toBe(0);
    expect(out).toMatch(/^path on end {2}src\/risk\.ts:1:1 {2}in assess\n/);
    expect(out).toContain('         1 µs     2  amount = 48212.5\n');
  });

  test('shows what the probe follows', async () => {
    const { out } = await collector.run('path', 'risk.ts:assess', '--include', 'risk.ts:assess', '--no-wait');
    expect(out).toContain('  include  assess at src/risk.ts:1:1\n');
    expect(out).toContain('  steps    500 at most\n');
  });
});

describe('snapshot', () => {
  test('waits for a hit and prints it', async () => {
    const snapshot = collector.start(
      'snapshot',
      'risk.ts:3',
      '--if',
      'amount > 10000',
      '--watch',
      'typeof amount',
    );
    const probe = await service.armed();
    expect(probe.condition?.source).toBe('amount > 10000');
    expect(probe.limits.hits).toBe(1);
    service.capture(probe, {
      locals: [AMOUNT],
      watches: [{ source: 'typeof amount', value: { type: 'string', value: 'number' } }],
      stack: [{ function: 'assess', file: 'src/risk.ts', line: 3, column: 3 }],
    });
    const { code, out, err } = await snapshot.finished;
    expect(code).toBe(0);
    expect(err).toBe(`probe ${probe.id} places a snapshot at src/risk.ts:3:3 in assess\n`);
    expect(out).toMatch(/^snapshot {2}src\/risk\.ts:3:3 {2}in assess\n/);
    expect(out).toContain('  watches\n    typeof amount  string  "number"\n');
    expect(out).toContain('  variables\n    amount  number  48212.5\n');
  });

  test('with --json prints one capture per line, until it has its hits', async () => {
    const snapshot = collector.start('snapshot', 'risk.ts:3', '--hits', '2', '--json');
    const probe = await service.armed();
    service.capture(probe, { locals: [AMOUNT] });
    service.capture(probe, { locals: [] });
    const { code, out } = await snapshot.finished;
    const captures = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as CaptureView);
    expect(code).toBe(0);
    expect(captures.map(({ locals }) => locals)).toEqual([[AMOUNT], []]);
  });

  test('waited for in vain says what the processes saw, and stays', async () => {
    const snapshot = collector.start('snapshot', 'risk.ts:3', '--timeout', '1s');
    const { id } = await service.armed();
    service.report({
      id,
      state: 'armed',
      seen: 1_204,
      matched: 0,
      captured: 0,
      skipped: { condition: 1_204 },
      dropped: {},
      incomplete: 0,
    });
    const { code, out, err } = await snapshot.finished;
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(
      `${SERVICE} armed, seen 1,204, matched 0, captured 0; 1,204 skipped: the condition did not hold\n`,
    );
    expect(err).toMatch(
      /Nothing was captured. Probe \S+ is active, 59m \d+s left. "dormouse remove \S+" ends it. \[TIMEOUT\]/,
    );
    expect((await collector.json<ProbeView>('probe', id)).state).toBe('active');
  });

  test('tells what a process says about the probe at once, and once', async () => {
    const snapshot = collector.start('snapshot', 'risk.ts:3');
    const probe = await service.armed();
    const account = { id: probe.id, seen: 1, matched: 0, captured: 0, dropped: {}, incomplete: 0 };
    const message = 'Waits until its file is loaded.';
    service.report({ ...account, state: 'armed', message, skipped: {} });
    await snapshot.printed(/Waits until its file is loaded\./);
    service.report({ ...account, state: 'received', message, skipped: {} });
    const failed = 'The condition failed, so the probe rests for 1 s: amount is null';
    service.report({ ...account, state: 'armed', message: failed, skipped: { conditionError: 1 } });
    await snapshot.printed(/rests for 1 s/);
    service.capture(probe, { locals: [] });
    const { code, err } = await snapshot.finished;
    expect(code).toBe(0);
    expect(err).toBe(
      `probe ${probe.id} places a snapshot at src/risk.ts:3:3 in assess\n${SERVICE} ${message}\n${SERVICE} ${failed}\n`,
    );
  });

  test('points at what is wrong in a condition', async () => {
    const { code, err } = await collector.run('snapshot', 'risk.ts:3', '--if', 'amount >');
    expect(code).toBe(1);
    expect(err).toMatch(/^error .*\[SYNTAX_ERROR\]\n {2}condition:\n {4}amount >\n {4} +\^\n$/s);
  });

  test('suggests the variable that was meant', async () => {
    const { code, err } = await collector.run('snapshot', 'risk.ts:3', '--watch', 'amuont * 2');
    expect(code).toBe(1);
    expect(err).toMatch(/amount.*\[UNKNOWN_VARIABLE\]|\[UNKNOWN_VARIABLE\].*amount/s);
  });

  test('errors are JSON with --json', async () => {
    const { code, out, err } = await collector.run('snapshot', 'risk.ts:99', '--json');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'NO_CODE_AT_LINE' } });
  });
});

describe('probes', () => {
  test('are placed without waiting, listed, shown and removed', async () => {
    const args = [
      'snapshot',
      'risk.ts:3',
      '--no-wait',
      '--if',
      'amount > 1',
      '--expires',
      '10m',
      '--tag',
      'zone=eu',
    ];
    const placed = await collector.json<ProbeView>(...args);
    expect(placed).toMatchObject({
      state: 'active',
      condition: 'amount > 1',
      limits: { expiresInMs: 600_000 },
    });

    const { out: list } = await collector.run('probes');
    expect(list).toMatch(
      new RegExp(
        `^ID .*\n${placed.id} +snapshot +trades +src/risk.ts:3:3 +0/10 +active, .* left +if amount > 1\n$`,
      ),
    );
    const { out: shown } = await collector.run('probe', placed.id);
    expect(shown).toContain('  if       amount > 1\n');
    expect(shown).toContain('  only     zone=eu\n');

    const removed = await collector.run('remove', placed.id);
    expect(removed.out).toContain('ended: removed');
    expect(removed.err).toBe('1 probe removed.\n');
    expect(await collector.json('probes')).toEqual({ probes: [] });
    expect(await collector.run('probes')).toEqual({
      code: 0,
      out: '',
      err: 'No active probes; --all lists ended ones.\n',
    });
  });

  test('that are for other processes only do not reach this one', async () => {
    await collector.json('log', 'risk.ts:3', 'elsewhere', '--tag', 'zone=us');
    const here = await collector.json<ProbeView>('log', 'risk.ts:3', 'here');
    expect((await service.armed()).id).toBe(here.id);
  });
});

describe('logs and captures', () => {
  test('a log is waited for until Ctrl-C', async () => {
    const log = collector.start('log', 'risk.ts:3', 'costs {amount}', '--level', 'warn', '--wait');
    const probe = await service.armed();
    await log.printed(/places a log/);
    service.capture(probe, { message: 'costs 1\u001b[2J' });
    await log.printed(/costs 1/);
    const { code, out } = await log.kill('SIGINT');
    expect(code).toBe(0);
    expect(out).toMatch(/^\d\d:\d\d:\d\d\.000 warn {2}trades\/111122 risk\.ts:3 costs 1\\x1b\[2J\n$/);
  });

  test('a log that is not waited for ends with how to follow it', async () => {
    const { out, err } = await collector.run('log', 'risk.ts:3', 'costs {amount}');
    const id = /^log (\S+)/.exec(out)?.[1];
    expect(err).toBe(
      `Follow it with "dormouse tail --probe ${id}"; "dormouse captures --probe ${id}" lists what came.\n`,
    );
  });

  test('captures are listed and shown again', async () => {
    const { id } = await collector.json<ProbeView>('log', 'risk.ts:3', 'costs {amount}');
    service.capture(await service.armed(id), { message: 'costs 2' });
    const list = (): Promise<{ captures: CaptureView[] }> => collector.json('captures', '--probe', id);
    await expect.poll(async () => (await list()).captures.length).toBe(1);
    const [capture] = (await list()).captures;
    expect((await collector.run('captures', '--probe', id)).out).toMatch(
      / trades +src\/risk.ts:3:3 +costs 2\n$/,
    );
    expect((await collector.run('capture', capture?.id ?? '')).out).toContain('  message\n    costs 2\n');
  });

  test('a capture that does not exist is an error', async () => {
    const { code, err } = await collector.run('capture', 'nope');
    expect(code).toBe(1);
    expect(err).toContain('[NOT_FOUND]');
  });

  test('a probe that does not exist is an error that names the command to look with', async () => {
    const { code, err } = await collector.run('probe', 'p_x');
    expect(code).toBe(1);
    expect(err).toBe('error There is no probe p_x. "dormouse probes" lists them. [NOT_FOUND]\n');
  });

  test('options before the command are answered with where they belong', async () => {
    const { code, err } = await collector.run('--json', 'probes');
    expect(code).toBe(2);
    expect(err).toContain('Options come after the command: dormouse COMMAND --json');
  });

  test('the level must be one', async () => {
    const { code, err } = await collector.run('log', 'risk.ts:3', 'x', '--level', 'loud');
    expect(code).toBe(2);
    expect(err).toBe('error --level loud is none of debug, info, warn, error. [USAGE]\n');
  });
});

describe('spans and tags', () => {
  test('spans are printed as they come', async () => {
    const args = ['--name', 'risk', '--set', 'large=order.total > 10', '--context', 'user=42', '--wait'];
    const span = collector.start('span', 'risk.ts:assess', ...args);
    const probe = await service.armed();
    expect(probe).toMatchObject({
      kind: 'span',
      span: { name: 'risk', file: 'src/risk.ts', line: 1, function: 'assess' },
      attributes: [{ name: 'large', expression: { source: 'order.total > 10' } }],
      context: { user: '42' },
    });
    const ids = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
    const startedAt = Date.UTC(2026, 0, 5, 9);
    const ending = { durationMs: 12.345, status: 'error', error: 'RangeError: no' } as const;
    const attributes = { large: true, 'code.line.number': 1 };
    await span.printed(/places a span/);
    service.capture(probe, {
      ...ids,
      context: { user: '42' },
      span: { recorder: 'opentelemetry', ...ids, name: 'risk', startedAt, ...ending, attributes },
    });
    await span.printed(/large=true/);
    const { code, out } = await span.kill('SIGINT');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\d\d:00:00\.000 error +12\.3 ms trades\/111122 risk large=true RangeError: no trace 4bf92f3577b34da6a3ce929d0e0e4736\n$/,
    );
    const { captures } = await collector.json<{ captures: CaptureView[] }>('captures', '--probe', probe.id);
    const { out: shown } = await collector.run('capture', captures[0]?.id ?? '');
    for (const expected of [
      /span\n +name +string +"risk"/,
      /attributes\n +large +boolean +true/,
      /request\n +user +string +"42"/,
    ])
      expect(shown).toMatch(expected);
  });

  test('a tag is placed with its attributes, and shown with whom it is for', async () => {
    const { out, err } = await collector.run(
      'tag',
      'risk.ts:3',
      'risk.amount=amount',
      'big=amount > 10',
      '--share',
      '50%',
      '--canary',
      '40s',
    );
    const id = /^tag (\S+)/.exec(out)?.[1] ?? '';
    expect(err).toBe(`"dormouse tail --probe ${id}" shows the first spans it tags.\n`);
    expect(out).toContain('  set      risk.amount = amount\n  set      big = amount > 10\n');
    expect(out).toContain('  only     a share of 0.5, a canary for 40s\n');
    expect(out).toContain('  runs in  1 process; as a canary\n');
    const probe = await service.armed(id);
    expect(probe).toMatchObject({ kind: 'tag', limits: { hits: 10, hitsPerSecond: 1_000 } });
    service.capture(probe, { attributes: { big: true } });
    await expect
      .poll(async () => (await collector.run('captures', '--probe', id)).out)
      .toMatch(/ big=true\n$/);
  });

  test('what is no pair is refused', async () => {
    const { code, err } = await collector.run('tag', 'risk.ts:3', 'amount');
    expect(code).toBe(2);
    expect(err).toBe('error NAME=EXPR amount is no NAME=VALUE. [USAGE]\n');
  });
});

describe('access', () => {
  test('without a token it says where one comes from', async () => {
    const { code, err } = await new Dormouse(['services'], { DORMOUSE_URL: collector.url }).finished;
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error The collector asks for a token\. Give one with --token or DORMOUSE_ADMIN_TOKEN, or once for all with "dormouse login".*\[UNAUTHENTICATED\]/s,
    );
  });

  test('a token that is refused is named by where it is from', async () => {
    const environment = { DORMOUSE_URL: collector.url, DORMOUSE_TOKEN: collector.agentToken };
    const agent = await new Dormouse(['services'], environment).finished;
    expect(agent.err).toMatch(/The token is from DORMOUSE_TOKEN\. Give the admin token.*\[FORBIDDEN\]/s);
    const unknown = await new Dormouse(['services', '--token', 'x'.repeat(32)], environment).finished;
    expect(unknown.err).toMatch(/The token is from --token\..*\[UNAUTHENTICATED\]/s);
  });

  test('a tail without a collector fails at once', async () => {
    const { code, err } = await new Dormouse(['tail'], { DORMOUSE_URL: 'http://127.0.0.1:2' }).finished;
    expect(code).toBe(1);
    expect(err).toContain('[UNREACHABLE]');
  });

  test('after login nothing else is needed, and a wrong token is not remembered', async () => {
    const home = mkdtempSync(join(tmpdir(), 'dormouse-cli-'));
    const environment = { HOME: home };
    try {
      const wrong = new Dormouse(['login', '--url', collector.url, '--token', 'wrong'], environment);
      expect((await wrong.finished).err).toContain('[UNAUTHENTICATED]');
      const login = new Dormouse(['login', '--url', collector.url], environment);
      login.type(`${collector.adminToken}\n`);
      expect(await login.finished).toMatchObject({ code: 0, out: expect.stringContaining('Logged in') });
      expect((await new Dormouse(['services'], environment).finished).code).toBe(0);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});

test('profiles are saved by login, listed without their tokens, chosen and removed', async () => {
  const home = mkdtempSync(join(tmpdir(), 'dormouse-cli-'));
  const at = (...args: string[]) => new Dormouse(args, { HOME: home }).finished;
  const listed = async () => {
    const { out } = await at('profiles', '--json');
    expect(out).not.toContain(collector.adminToken);
    return (JSON.parse(out) as { profiles: { name: string; current: boolean }[] }).profiles.map(
      ({ name, current }) => (current ? `${name}*` : name),
    );
  };
  try {
    for (const profile of ['here', 'there'])
      await at('login', '--profile', profile, '--url', collector.url, '--token', collector.adminToken);
    expect(await listed()).toEqual(['here', 'there*']);
    expect((await at('profiles', 'use', 'here')).out).toMatch(
      /^ {3}PROFILE {2}URL +ENVIRONMENT\n\* {2}here {5}http\S+ +-\n/,
    );
    expect((await at('services', '--profile', 'there')).code).toBe(0);
    expect((await at('services', '--profile', 'their')).err).toContain('[USAGE]');
    await at('profiles', 'remove', 'there');
    expect(await listed()).toEqual(['here*']);
    expect((await at('profiles', 'remove', 'there')).code).toBe(2);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('a file of several services needs the name of one', async () => {
  const other = await ScriptedService.connect(collector, 'trades-canary', '5555666677778888');
  const { code, err } = await collector.run('snapshot', 'risk.ts:3');
  const nowhere = await collector.run('snapshot', 'rsik.ts:3');
  const named = await new Dormouse(['points', 'risk.ts'], {
    DORMOUSE_URL: collector.url,
    DORMOUSE_ADMIN_TOKEN: collector.adminToken,
    DORMOUSE_SERVICE: 'trades-canary',
  }).finished;
  await other.close();
  expect(named.err).toContain('of trades-canary');
  expect(nowhere).toMatchObject({
    code: 1,
    err: 'error None of the services has a file rsik.ts. [UNKNOWN_FILE]\n  Did you mean src/risk.ts?\n',
  });
  expect(code).toBe(2);
  expect(err).toContain('Several services have risk.ts. Name one with --service or DORMOUSE_SERVICE.');
  expect(err).toContain('Did you mean --service trades, --service trades-canary?');
});

test('tells at once when no process of the service is connected', async () => {
  const gone = await ScriptedService.connect(collector, 'billing', '9999888877776666');
  await gone.close();
  await expect
    .poll(async () => (await collector.run('services')).out)
    .toMatch(/billing {2}0 processes connected/);
  const snapshot = collector.start('snapshot', 'risk.ts:3', '--service', 'billing');
  await snapshot.printed(/^No process of billing is connected; the probe waits for one\.$/m);
  expect((await snapshot.kill('SIGINT')).code).toBe(1);
});
