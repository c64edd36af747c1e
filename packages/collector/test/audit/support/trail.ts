import type { AuditEntry, AuditVerification } from '@dormouse/protocol';
import { verifyChain, type Claim, type Found } from '../../../src/audit/verify.ts';
import type { AuditStore } from '../../../src/storage/contract/directory/audit.ts';

let moment = 1_000;

export const sampleEntry = (extra: Partial<AuditEntry> = {}): AuditEntry => ({
  at: ++moment,
  caller: { kind: 'token', id: 't1', name: 'admin token', address: '127.0.0.1' },
  door: 'http',
  operation: 'createProbe',
  environment: 'default/default/default',
  targets: ['p1', 'trades'],
  request: { service: 'trades', condition: 'amount > 10000', share: 0.25 },
  outcome: 'ok',
  requestId: 'r1',
  ...extra,
});

/** What stands in a chain, page by page. */
export async function* placesOf(store: AuditStore, organisation: number, page = 7): AsyncGenerator<Found> {
  for (let after = (await store.checkpoint(organisation))?.sequence ?? 0; ; after += page) {
    const found = await store.read(organisation, after, page);
    yield* found;
    if (found.length < page) return;
  }
}

export async function verified(
  store: AuditStore,
  organisation: number,
  anchor?: Claim['anchor'],
): Promise<AuditVerification> {
  const checkpoint = await store.checkpoint(organisation);
  return verifyChain(placesOf(store, organisation), {
    head: await store.head(organisation),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(anchor !== undefined && { anchor }),
  });
}
