import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AuditCheckpoint, AuditPage, AuditRecord, AuditVerification } from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { Dormouse, startCollector, type Finished, type RunningCollector } from './dormouse.ts';

let collector: RunningCollector;
let keys: string;
let folder: string;

beforeAll(async () => {
  keys = mkdtempSync(join(tmpdir(), 'dormouse-audit-key-'));
  const key = join(keys, 'key.pem');
  writeFileSync(key, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
  collector = await startCollector(':memory:', '0', ['--audit-key', key]);
  for (let index = 0; index < 5; index++) await collector.run('kill', '--reason', `test ${index}`);
});
afterAll(async () => {
  expect((await collector.stop()).code).toBe(0);
  rmSync(keys, { recursive: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dormouse-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('audit', () => {
  test('lists who did what, newest first', async () => {
    const { out } = await collector.run('audit', '--limit', '2', '--operation', 'setKillSwitch');
    expect(out).toMatch(/^RECORD {2}AT +WHO +BY +DID +TO +OUTCOME\n/);
    expect(out).toMatch(/ cli +setKillSwitch +ok\n.* cli +setKillSwitch +ok\n$/);
    const { records } = await collector.json<AuditPage>(
      'audit',
      '--from',
      '1h',
      '--operation',
      'setKillSwitch',
    );
    expect(records.map(({ request }) => (request as { reason: string }).reason)).toEqual(
      [4, 3, 2, 1, 0].map((index) => `test ${index}`),
    );
    expect(await collector.json('audit', '--to', '2020-01-01')).toEqual({ records: [] });
    expect((await collector.run('audit', '--from', 'soon')).code).toBe(2);
    expect((await collector.run('audit', 'lst')).err).toContain('list');
  });

  test('verifies what is stored, and against an anchor', async () => {
    const { out: head } = await collector.run('audit', 'head');
    expect(await collector.json('audit', 'verify', '--anchor', head.trim())).toMatchObject({ intact: true });
    const wrong = await collector.run('audit', 'verify', '--anchor', `2:${'0'.repeat(64)}`);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/^BROKEN {2}1 record as written before record 2\n {2}changed: /);
    expect((await collector.run('audit', 'verify', '--collector')).out).toMatch(/^intact /);
  });

  test('exports a file that is verified without a collector', async () => {
    const file = join(folder, 'trail.ndjson');
    const exported = await collector.run('audit', 'export', file);
    expect(exported.err).toMatch(/^\d+ records in .*trail\.ndjson\. Keep the head elsewhere, too\.\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await collector.run('audit', 'export', file)).err).toContain('EEXIST');
    const alone = (...args: string[]): Promise<Finished> =>
      new Dormouse(['audit', 'verify', ...args]).finished;
    expect((await alone(file, '--anchor', exported.out.trim())).out).toMatch(/^intact /);

    const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n') as [string, ...string[]];
    const damages: readonly (readonly [fault: string, lines: readonly string[]])[] = [
      ['changed', lines.with(2, lines[2]!.replace('"ok"', '"no"'))],
      ['missing', lines.toSpliced(2, 1)],
      ['reordered', [...lines.slice(0, 2), lines[3]!, lines[2]!, ...lines.slice(4)]],
      ['truncated', lines.slice(0, 2)],
      ['unreadable', lines.with(2, lines[2]!.slice(0, 40))],
    ];
    for (const [fault, damaged] of damages) {
      writeFileSync(file, [header, ...damaged, ''].join('\n'));
      const { code, out } = await alone(file, '--json');
      expect(code, fault).toBe(1);
      expect(JSON.parse(out), fault).toMatchObject({ intact: false, broken: { sequence: 3, fault } });
    }
    writeFileSync(file, lines.join('\n'));
    expect((await alone(file)).err).toContain('no exported audit trail');
    expect((await alone(join(folder, 'none'))).err).toContain('ENOENT');
  });

  test('drops what a file has, behind a signed checkpoint', async () => {
    const file = join(folder, 'trail.ndjson');
    await collector.run('audit', 'export', file);
    const last = JSON.parse(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)!) as AuditRecord;
    const checkpoint = await collector.json<AuditCheckpoint>('audit', 'drop', file);
    expect(checkpoint).toMatchObject({ sequence: last.sequence, hash: last.hash });
    const { out, code } = await collector.run('audit', 'verify', '--key', checkpoint.key);
    expect(code).toBe(0);
    expect(out).toMatch(/begins behind record \d+, dropped .*; signed with /);
    expect((await collector.run('audit', 'verify', '--key', 'other')).code).toBe(1);

    const rest = join(folder, 'rest.ndjson');
    const exported = await collector.json<AuditVerification>('audit', 'export', rest);
    expect(exported).toMatchObject({ intact: true, checkpoint });
    writeFileSync(rest, readFileSync(rest, 'utf8').replace(`"at":${checkpoint.at}`, '"at":1'));
    expect((await collector.run('audit', 'verify', rest)).out).toContain(
      'The checkpoint is not what was signed',
    );
    expect((await collector.run('audit', 'drop', rest)).err).toContain('[BROKEN_TRAIL]');
  });
});
