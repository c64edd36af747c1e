import type { MetricWindow } from '@dormouse/protocol';
import { listCaptures } from '../captures/captures.js';
import type { Database } from '../storage/database.js';

/** Read at once; between two of them others have their turn. */
const PAGE = 1_000;

export interface StoredWindow {
  readonly instance: string;
  readonly metric: MetricWindow;
  /** Its place in the order of arrival. */
  readonly cursor: number;
}

/** The windows of a probe that are stored, in the order of arrival. @param after a cursor: only what came later */
export async function* windowsOf(db: Database, probe: string, after = 0): AsyncGenerator<StoredWindow> {
  let from = after;
  for (;;) {
    const page = await listCaptures(db, { probe }, from, PAGE);
    for (const { instance, metric, cursor } of page) {
      from = Number(cursor);
      if (metric !== undefined) yield { instance, metric, cursor: from };
    }
    if (page.length < PAGE) return;
  }
}
