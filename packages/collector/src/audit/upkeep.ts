import type { AuditHead } from '@dormouse/protocol';
import type { Log } from '../log.js';
import type { AuditStore } from '../storage/contract/directory/audit.js';
import type { PlaceId } from '../storage/contract/directory/places.js';

/** How often the heads are logged, if they have moved, ms. */
const ANCHOR_EVERY_MS = 300_000;
/** How often it is looked for what a dead collector had intended, ms. */
const ADOPT_EVERY_MS = 60_000;
/** No request takes so long: who intended something before that, and never said what came of it, is dead, ms. */
const ORPHANED_AFTER_MS = 600_000;

/**
 * What the trail needs now and then: its heads are logged, so that they are known elsewhere; what somebody intended who has
 * died is written down. Returns how to stop, which logs the heads a last time.
 * @param isShared whether other collectors may be at work on the same storage
 */
export async function keepUp(store: AuditStore, log: Log, isShared: boolean): Promise<() => Promise<void>> {
  const logged = new Map<PlaceId, number>();
  const anchor = async (): Promise<void> => {
    for (const organisation of await store.organisations()) {
      const head = await store.head(organisation);
      if (head.sequence === (logged.get(organisation) ?? 0)) continue;
      logged.set(organisation, head.sequence);
      logHead(log, organisation, head);
    }
  };
  const adopt = async (before: number): Promise<void> => {
    const adopted = await store.adopt(before);
    if (adopted > 0) log.warn({ actions: adopted }, 'a collector died while it did what was asked of it');
  };
  const quietly = (work: () => Promise<void>) => () => {
    work().catch((error: unknown) => log.error({ err: error }, 'the audit trail was not looked after'));
  };

  await adopt(isShared ? Date.now() - ORPHANED_AFTER_MS : Infinity);
  const timers = [
    setInterval(quietly(anchor), ANCHOR_EVERY_MS),
    setInterval(
      quietly(() => adopt(Date.now() - ORPHANED_AFTER_MS)),
      ADOPT_EVERY_MS,
    ),
  ];
  return async () => {
    timers.forEach(clearInterval);
    await anchor();
  };
}

function logHead(log: Log, organisation: PlaceId, head: AuditHead): void {
  log.info({ audit: { organisation, ...head } }, 'audit head');
}
