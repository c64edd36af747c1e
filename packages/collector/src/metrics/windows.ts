import type { MetricWindow } from '@dormouse/protocol';
import { listCaptures } from '../captures/captures.js';
import type { Database } from '../storage/database.js';

/** Read at once; between two of them others have their turn. */
const PAGE = 1_000;

export interface StoredWindow {
  readonly instance: string;
  readonly metric: MetricWindow;
}

/** Every window of a probe that is stored, in the order of arrival. */
export async function* windowsOf(db: Database, probe: string): AsyncGenerator<StoredWindow> {
  let after: number | undefined;
  for (;;) {
    const page = await listCaptures(db, { probe }, after, PAGE);
    for (const { instance, metric } of page) if (metric !== undefined) yield { instance, metric };
    if (page.length < PAGE) return;
    after = Number(page.at(-1)?.cursor);
  }
}
