import type { CaptureView, ProbeView } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import { evidence } from '../client/evidence.js';
import { interruption, type Interrupted } from './interruption.js';

/** Why following came to its end: the probe ended, or gave as many hits as it was asked for, or we stopped. */
export type Ending = 'ended' | Interrupted;

/** Hands over a probe's captures until the probe has ended or Ctrl-C or `timeoutMs` (default: none) comes first. */
export async function follow(
  client: Client,
  { id, limits }: ProbeView,
  take: (capture: CaptureView) => void,
  timeoutMs?: number,
): Promise<Ending> {
  const stop = interruption(timeoutMs);
  let remaining = limits.hits;
  try {
    for await (const capture of evidence(client, id, stop.signal)) {
      take(capture);
      remaining -= 1;
      if (remaining === 0) break;
    }
    return 'ended';
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return stop.reason();
  } finally {
    stop.release();
  }
}
