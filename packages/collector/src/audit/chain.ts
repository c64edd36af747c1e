import { createHash } from 'node:crypto';
import type { AuditEntry, AuditHead, AuditRecord } from '@dormouse/protocol';
import { canonical } from './canonical.js';

/** A record as it is stored: the text that its hash is of, and the hash. */
export interface SealedRecord {
  readonly text: string;
  readonly hash: string;
}

/** An entry in its place behind the head of a chain. */
export function seal(head: AuditHead, entry: AuditEntry): SealedRecord {
  const text = canonical({
    ...entry,
    chain: head.chain,
    sequence: head.sequence + 1,
    previous: head.hash,
  } satisfies Omit<AuditRecord, 'hash'>);
  return { text, hash: hashOf(text) };
}

/** The head once a record has been added. */
export const headAfter = (head: AuditHead, { hash }: SealedRecord): AuditHead => ({
  chain: head.chain,
  sequence: head.sequence + 1,
  hash,
});

/** What a record's hash must be. */
export function hashOfRecord({ hash: _own, ...rest }: AuditRecord): string {
  return hashOf(canonical(rest));
}

export function unseal({ text, hash }: SealedRecord): AuditRecord {
  return { ...(JSON.parse(text) as Omit<AuditRecord, 'hash'>), hash };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
