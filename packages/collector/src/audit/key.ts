import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CollectorError } from '../collector-error.js';
import { IN_MEMORY } from '../storage/sqlite/folder.js';
import { DEFAULT_DATA_FOLDER, type StorageOptions } from '../storage/open.js';

/** Where the key is that checkpoints are signed with. */
export interface AuditKeyOptions extends StorageOptions {
  /** A file with an Ed25519 private key, PEM. Default: one in the data folder, made when it is first needed. */
  readonly auditKey?: string;
}

/** The key, looked for when it is needed. @throws {CollectorError} CONFLICT where there is none, and none is made */
export function auditKeyOf({
  auditKey,
  data = DEFAULT_DATA_FOLDER,
  database,
}: AuditKeyOptions): () => KeyObject {
  if (auditKey !== undefined) return once(() => readKey(auditKey));
  if (database !== undefined) return refuse;
  if (data === IN_MEMORY) return once(() => generateKeyPairSync('ed25519').privateKey);
  return once(() => keptKey(join(data, 'audit-key.pem')));
}

function once(make: () => KeyObject): () => KeyObject {
  let key: KeyObject | undefined;
  return () => (key ??= make());
}

/** A key in the database itself would prove nothing to whoever mistrusts the database. */
function refuse(): never {
  throw new CollectorError(
    'CONFLICT',
    'Records are dropped behind a signed checkpoint, and there is no key: start every collector of the database with ' +
      '--audit-key FILE, an Ed25519 private key (openssl genpkey -algorithm ed25519).',
  );
}

function keptKey(file: string): KeyObject {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' });
  }
  return readKey(file);
}

function readKey(file: string): KeyObject {
  const key = parseKey(file);
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new CollectorError('CONFLICT', `The audit key must be an Ed25519 key, not ${key.asymmetricKeyType}.`);
}

function parseKey(file: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(file));
  } catch (error) {
    throw new CollectorError(
      'CONFLICT',
      `The audit key ${file} cannot be read: ${(error as Error).message}.`,
    );
  }
}
