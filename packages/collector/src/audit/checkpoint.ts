import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { AuditCheckpoint, AuditHead } from '@dormouse/protocol';
import { canonical } from './canonical.js';

/** A collector's word that a chain had come to this head, when the records up to it were dropped. */
export function signCheckpoint(head: AuditHead, at: number, key: KeyObject): AuditCheckpoint {
  const { chain, sequence, hash } = head;
  const words = { chain, sequence, hash, at, key: publicKeyOf(key) };
  return { ...words, signature: sign(null, Buffer.from(canonical(words)), key).toString('base64') };
}

/** Whether it is signed by the key that it names. Whose key that is, it cannot say. */
export function isSigned({ signature, ...words }: AuditCheckpoint): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(words.key, 'base64'), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(canonical(words)), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** SubjectPublicKeyInfo, base64. */
export function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}
