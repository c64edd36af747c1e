import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { GroupView, ProbeView, WaitView } from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { startCollector, type RunningCollector } from './dormouse.ts';
import { ScriptedService } from './scripted-service.ts';

let collector: RunningCollector;
let service: ScriptedService;

beforeAll(async () => {
  collector = await startCollector();
  service = await ScriptedService.connect(collector, 'trades', '1111222233334444');
});
afterAll(async () => {
  await service.close();
  await collector.stop();
});
afterEach(async () => {
  await collector.run('remove', '--all');
});

const place = (...args: string[]): Promise<ProbeView> =>
  collector.json<ProbeView>('snapshot', 'risk.ts:3', '--no-wait', ...args);

describe('a probe that goes on', () => {
  test('is waited for, given more, and placed once more', async () => {
    const { id } = await place('--hits', '1', '--if', 'amount > 1', '--expires', '1m');
    const waiting = collector.start('wait', id, '--hits', '2', '--timeout', '20s');
    const { code, out } = await collector.run('extend', id, '--hits', '3', '--rate', '7', '--for', '2h');
    expect(code).toBe(0);
    expect(out).toMatch(/state +active, 1h 59m left/);
    expect(out).toContain('0 of at most 3, 7 per second and process');

    const probe = await service.armed();
    service.capture(probe, {});
    service.capture(probe, {});
    expect(await waiting.finished).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 of at most 3'),
      err: 'It has its hits.\n',
    });

    const other = await collector.json<ProbeView>(
      'duplicate',
      id,
      '--at',
      'risk.ts:2',
      '--if',
      'order.id',
      '--hits-each',
    );
    expect(other).toMatchObject({
      location: { line: 2 },
      condition: 'order.id',
      limits: { hits: 3 },
      hitsOf: 'each',
    });
    const free = await collector.json<ProbeView>('duplicate', id, '--change', '{"condition": null}');
    expect(free).not.toHaveProperty('condition');
  });

  test('is waited for no longer than asked', async () => {
    const { id } = await place();
    const { reason } = await collector.json<WaitView>('wait', id, '--timeout', '50ms');
    expect(reason).toBe('timeout');
    expect((await collector.run('wait', id, '--timeout', '50ms')).code).toBe(1);
    expect(await collector.run('wait', id, '--armed', '--end')).toMatchObject({ code: 2 });
    await collector.run('remove', id);
    expect((await collector.run('wait', id, '--end')).code).toBe(0);
  });

  test('says what was wrong', async () => {
    const { id } = await place();
    expect((await collector.run('extend', id)).err).toContain('--for, --hits or --rate');
    expect((await collector.run('duplicate', id, '--change', '[]')).err).toContain('JSON object');
    await collector.run('remove', id);
    expect((await collector.run('extend', id, '--hits', '9')).err).toMatch(/duplicate.*\[ENDED\]/s);
  });
});

test('a group of probes is begun, filled, shown, extended and ended', async () => {
  const group = await collector.json<GroupView>('group', 'start', 'incident 4711', '--for', '30m');
  const first = await place('--group', group.id);
  const second = await place();
  await collector.run('group', 'add', group.id, second.id);
  const { out } = await collector.run('group', 'show', group.id);
  expect(out).toMatch(/incident 4711 +2\/2 +0 +active, 29m \d+s left/);
  expect(out).toContain(first.id);
  expect(out).toContain(second.id);
  expect((await collector.run('probe', second.id)).out).toContain(`group    ${group.id}`);
  expect((await collector.run('group', 'extend', group.id, '--for', '2h')).out).toContain(
    'active, 1h 59m left',
  );
  const { probes } = await collector.json<{ probes: ProbeView[] }>('probes', '--group', group.id);
  expect(probes).toHaveLength(2);
  expect((await collector.run('group', 'end', group.id)).out).toMatch(/0\/2 +0 +ended: removed/);
  expect((await collector.run('group')).err).toContain('No active groups');
  expect((await collector.run('group', '--all')).out).toContain('incident 4711');
  expect((await collector.run('group', 'strat', 'x')).err).toMatch(/"strat" is none of.*start/s);
  expect((await collector.run('group', 'extend', group.id)).code).toBe(2);
});

test('expressions are tried out on a capture', async () => {
  const { id } = await place('--hits', '5');
  const probe = await service.armed();
  service.capture(probe, {
    locals: [
      { key: 'amount', value: { type: 'number', value: 48_212.5 } },
      { key: 'order', value: { type: 'omitted', omitted: { reason: 'depth' } } },
    ],
  });
  await collector.run('wait', id, '--timeout', '10s');
  const { captures } = await collector.json<{ captures: { id: string }[] }>('captures', '--probe', id);
  const [capture] = captures;
  const tried = await collector.run(
    'dry-run',
    capture!.id,
    '--if',
    'amount > 1',
    '--watch',
    'order.id',
    '--log',
    'over {amount}',
  );
  expect(tried).toMatchObject({
    code: 0,
    out: 'if      amount > 1  true\nwatch   order.id  unknown: order is depth\nlog     over 48212.5\n',
  });
  expect((await collector.run('dry-run', capture!.id)).code).toBe(2);
  expect((await collector.run('dry-run', capture!.id, '--if', 'amout')).err).toMatch(
    /amount.*\[UNKNOWN_VARIABLE\]/s,
  );
});

test('a template is saved, shown, placed and removed', async () => {
  const { id } = await place('--if', 'amount > 7');
  expect((await collector.run('template', 'save', 'large', '--probe', id)).out).toMatch(
    /^large {2}version 1, saved by/,
  );
  const folder = mkdtempSync(join(tmpdir(), 'dormouse-template-'));
  const file = join(folder, 'large.json');
  writeFileSync(
    file,
    JSON.stringify({
      description: 'Large ones',
      parameters: { limit: { type: 'number', default: 10 } },
      request: {
        kind: 'snapshot',
        service: 'trades',
        location: { file: 'risk.ts', line: 3 },
        condition: 'amount > @{limit}',
      },
    }),
  );
  expect((await collector.run('template', 'save', 'large', file)).out).toContain(
    '@{limit}  number, default 10',
  );
  rmSync(folder, { recursive: true });
  expect((await collector.run('template')).out).toMatch(/large +2 +snapshot +limit +Large ones/);
  const placed = await collector.json<ProbeView>('template', 'place', 'large', '--set', 'limit=500');
  expect(placed.condition).toBe('amount > 500');
  expect((await collector.run('template', 'place', 'large', '--at', '1')).out).toContain('amount > 7');
  expect((await collector.run('template', 'remove', 'large')).code).toBe(0);
  expect((await collector.run('template', 'show', 'large')).err).toContain('[NOT_FOUND]');
});
