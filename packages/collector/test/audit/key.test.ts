import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publicKeyOf } from '../../src/audit/checkpoint.ts';
import { auditKeyOf } from '../../src/audit/key.ts';

/** What checkpoints are signed with. */

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'dormouse-audit-key-'));
});
afterEach(() => rmSync(data, { recursive: true }));

test('the key of a data folder is made when it is needed, is for its owner only, and stays', () => {
  const file = join(data, 'audit-key.pem');
  const key = auditKeyOf({ data });
  expect(existsSync(file)).toBe(false);
  const made = publicKeyOf(key());
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(publicKeyOf(auditKeyOf({ data })())).toBe(made);
});

test('a database that several share has no key of its own', () => {
  expect(() => auditKeyOf({ database: 'postgres://x' })()).toThrow('--audit-key FILE');
});

test('a key that was chosen is used, if it is one', () => {
  const file = join(data, 'chosen.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  expect(publicKeyOf(auditKeyOf({ auditKey: file, database: 'postgres://x' })())).toBe(
    publicKeyOf(privateKey),
  );

  const { privateKey: other } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(file, other.export({ format: 'pem', type: 'pkcs8' }));
  expect(() => auditKeyOf({ auditKey: file })()).toThrow('must be an Ed25519 key, not ec');
  expect(() => auditKeyOf({ auditKey: join(data, 'none') })()).toThrow('none');
});
