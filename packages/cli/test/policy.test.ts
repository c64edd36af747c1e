import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { PolicyView, ProbeView } from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { Dormouse, startCollector, type RunningCollector } from './dormouse.ts';
import { ScriptedService } from './scripted-service.ts';

const INSTANCE = '1111222233334444';

let collector: RunningCollector;
let service: ScriptedService;

beforeAll(async () => {
  collector = await startCollector();
  service = await ScriptedService.connect(collector, 'trades', INSTANCE);
});
afterAll(async () => {
  await service.close();
  await collector.stop();
});
afterEach(async () => {
  service.confirms = true;
  await call('PUT', '/policy', {});
  await call('PUT', '/policy?service=trades', {});
  await call('PUT', '/kill-switch', { on: false });
  await call('PUT', '/kill-switch', { on: false, service: 'trades' });
});

async function call(method: string, path: string, body?: object): Promise<void> {
  const response = await fetch(new URL(`/api/v1${path}`, collector.url), {
    method,
    headers: { authorization: `Bearer ${collector.adminToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
}

describe('kill', () => {
  test('switches off, waits for the processes, shows everywhere, and switches on again', async () => {
    const probe = JSON.parse(
      (await collector.run('snapshot', 'risk.ts:3', '--no-wait', '--json')).out,
    ) as ProbeView;
    const killed = await collector.run('kill', 'trades', '--reason', 'incident 4711');
    expect(killed).toMatchObject({
      code: 0,
      err: 'Probes of trades are switched off; 1 connected process has confirmed it.\n',
    });
    expect(killed.out).toMatch(
      /^trades {2}revision \d+\n {2}switched off {2}since .*: incident 4711\n {2}processes/,
    );

    expect((await collector.run('services')).out).toMatch(
      /^ {2}probes switched off with the service \d+s ago: incident 4711$/m,
    );
    expect((await collector.run('probes')).out).toMatch(/switched off, \d+m \d+s left/);
    expect((await collector.run('probe', probe.id)).out).toMatch(
      /killed {3}switched off with the service .*4711/,
    );
    expect(await collector.run('snapshot', 'risk.ts:3')).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /switched off since .*4711\. "dormouse kill --off" switches.*SWITCHED_OFF/s,
      ) as string,
    });

    expect(await collector.run('kill', 'trades', '--off')).toMatchObject({
      code: 0,
      out: 'trades  no policy\n',
      err: 'Probes of trades are switched on; 1 connected process has confirmed it.\n',
    });
    expect((await collector.run('probes')).out).toMatch(/active, /);
    await collector.run('remove', probe.id);
  });

  test('of everything and of one process', async () => {
    expect(await collector.json<PolicyView>('kill', '--reason', 'x')).toMatchObject({
      kill: { reason: 'x' },
    });
    expect(await collector.json<PolicyView>('kill', '--off')).not.toHaveProperty('kill');
    expect(await collector.json<PolicyView>('kill', '--reason', 'x', '--instance', INSTANCE)).toMatchObject({
      service: 'trades',
      instance: INSTANCE,
      kill: { reason: 'x' },
    });
    expect((await collector.run('services')).out).toContain(
      `${INSTANCE}  probes switched off in this process`,
    );
    await collector.run('kill', '--off', '--instance', INSTANCE);
  });

  test('asks why, and for a service that there is', async () => {
    expect(await collector.run('kill')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--reason') as string,
    });
    expect(await collector.run('kill', 'trade', '--reason', 'x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Did you mean trades?') as string,
    });
  });

  test('fails where a process does not confirm', { timeout: 20_000 }, async () => {
    service.confirms = false;
    expect(await collector.run('kill', '--reason', 'x', '--no-wait')).toMatchObject({ code: 0 });
    expect((await collector.run('services')).out).toMatch(/has revision \d+ of its policy, not \d+ yet/);
    const { code, err } = await collector.run('kill', '--reason', 'y');
    expect(code).toBe(1);
    expect(err).toMatch(
      /1 process has not confirmed it within 5 s: 1111222233334444 of trades.*UNCONFIRMED/s,
    );
  });
});

describe('policy', () => {
  test('shows nothing where there is nothing', async () => {
    expect(await collector.run('policy')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^everything {2}no policy$/m) as string,
    });
  });

  test('adds to the deny list, takes away, and tells what protects nothing', async () => {
    const { out, err, code } = await collector.run('policy', 'deny', 'src/risk.ts', '#asses');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^everything {2}revision \d+\n {2}never probed {2}src\/risk\.ts\n {16}#asses {2}\(matches nothing in the builds that run now\)\n {2}processes {5}1 of 1 connected process has it\n$/,
    );
    expect(err).toBe('#asses matches nothing in the builds that run now. Is it written as they know it?\n');
    expect((await collector.run('snapshot', 'risk.ts:3')).err).toMatch(
      /assess of src\/risk\.ts may not be probed/,
    );
    expect(await collector.json<PolicyView>('policy', 'deny', '#asses', '--remove')).toMatchObject({
      deny: ['src/risk.ts'],
    });
  });

  test('changes redaction rules, and says what is wrong with them', async () => {
    const args = ['redact', 'tier', 'plan', '--allow', 'token', '--pattern', String.raw`employee=\bE\d{6}\b`];
    const { out } = await collector.run('policy', ...args, '--service', 'trades');
    expect(out).toMatch(
      /hidden {8}tier\n {16}plan\n {16}employee {2}\/\\bE\\d\{6\}\\b\/\n {2}not hidden {4}token\n/,
    );
    const only = await collector.json<PolicyView>(
      'policy',
      'redact',
      '--only',
      'total',
      '--service',
      'trades',
    );
    expect(only.redaction).toMatchObject({
      mode: 'include',
      includeNames: ['total'],
      names: ['tier', 'plan'],
    });
    const less = ['redact', 'plan', '--pattern', 'employee', '--only', 'total', '--remove'];
    expect((await collector.json<PolicyView>('policy', ...less, '--service', 'trades')).redaction).toEqual({
      names: ['tier'],
      allowNames: ['token'],
      patterns: [],
      mode: 'exclude',
      includeNames: [],
    });
    expect(await collector.run('policy', 'redact', '--pattern', 'back=(a)\\1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('INVALID_REQUEST') as string,
    });
  });

  test('lowers limits in the units of people, and lifts them', async () => {
    const { out } = await collector.run(
      'policy',
      'limit',
      'cpu=0.5%',
      'bytes=512KiB',
      'alone=30s',
      'total-hits=10',
    );
    expect(out).toMatch(
      /at most {7}512 KiB a second\n {16}0\.5 % of the main thread\n {16}30s without a collector\n {16}10 captures in a process's life\n/,
    );
    expect((await collector.json<PolicyView>('policy', 'limit', 'cpu', 'alone', '--remove')).limits).toEqual({
      bytesPerSecond: 524_288,
      lifetimeHits: 10,
    });
    expect((await collector.json<PolicyView>('policy', 'limit', '--remove')).limits).toEqual({});
    for (const wrong of [
      ['limit', 'cpus=1'],
      ['limit', 'cpu=2'],
      ['limit', 'bytes=many'],
      ['limit'],
      ['deny'],
      ['dney', 'x'],
    ])
      expect(await collector.run('policy', ...wrong)).toMatchObject({ code: 2 });
  });

  test('is applied from what was shown', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dormouse-policy-'));
    const file = join(folder, 'policy.json');
    await collector.run('policy', 'deny', '#assess');
    writeFileSync(file, (await collector.run('policy', 'show', '--service', 'trades', '--json')).out);
    expect(await collector.json<PolicyView>('policy', 'apply', file)).toMatchObject({ deny: [] });
    const typed = new Dormouse(['policy', 'apply', '-', '--json'], {
      DORMOUSE_URL: collector.url,
      DORMOUSE_ADMIN_TOKEN: collector.adminToken,
    });
    typed.type('{"limits":{"hitsPerSecond":5}}');
    expect(JSON.parse((await typed.finished).out)).toMatchObject({ limits: { hitsPerSecond: 5 } });
    writeFileSync(file, 'deny: all');
    expect(await collector.run('policy', 'apply', file)).toMatchObject({ code: 2 });
    rmSync(folder, { recursive: true });
  });

  test('is not lost when two change it at once', async () => {
    const names = ['#a', '#b', '#c', '#d'];
    await Promise.all(names.map((name) => collector.run('policy', 'deny', name)));
    const { policies } = await collector.json<{ policies: readonly PolicyView[] }>('policy');
    expect(policies[0]?.deny.toSorted()).toEqual(names);
  });
});

test('services shows which processes rest, and why', async () => {
  const since = new Date(2026, 0, 5, 9).getTime();
  service.stands({ pause: { cause: 'cpuBudget', since, until: since + 1_000 } });
  await expect
    .poll(async () => (await collector.run('services')).out)
    .toContain(
      `${INSTANCE}  all probes of the process rest: they took more than their share of its time, from 09:00:00.000 to 09:00:01.000`,
    );
  service.stands({});
});
