import { METRIC_KINDS, type CaptureView, type ProbeKind, type ProbeView } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import { evidence } from '../client/evidence.js';
import { renderObstacle } from '../render/obstacle.js';
import { renderPlacement } from '../render/probe.js';
import type { Style } from '../render/style.js';
import { escapeUnsafe } from '../render/text.js';
import { interruption, type Interrupted } from './interruption.js';
import { isConnected } from './is-connected.js';

/** Why following came to its end: the probe ended, or gave as many hits as it was asked for, or we stopped. */
export type Ending = 'ended' | Interrupted;

export interface Following {
  readonly take: (capture: CaptureView) => void;
  /** Told at once, and once each, what keeps the probe from giving evidence. */
  readonly note: (text: string) => void;
  /** How notes may look. */
  readonly style: Style;
  /** Default: no such time. */
  readonly timeoutMs?: number | undefined;
}

/** Kinds whose captures are not all that they do: they end otherwise than by their number. */
const GOES_ON: ReadonlySet<ProbeKind> = new Set<ProbeKind>(['check', 'tag', ...METRIC_KINDS]);

/** Says where the probe has been placed, and hands over its captures until the probe has ended or Ctrl-C or `timeoutMs` comes first. */
export async function follow(
  client: Client,
  probe: ProbeView,
  { take, note, style, timeoutMs }: Following,
): Promise<Ending> {
  const { id, kind, service, limits } = probe;
  const stop = interruption(timeoutMs);
  note(renderPlacement(probe, style));
  const noteObstacles = obstacleNotes(note, style);
  let remaining = GOES_ON.has(kind) ? Infinity : limits.hits;
  try {
    if (!(await isConnected(client, service)))
      note(`No process of ${escapeUnsafe(service)} is connected; the probe waits for one.`);
    for await (const { event, data } of evidence(client, id, stop.signal)) {
      if (event === 'probe') noteObstacles(data);
      else {
        take(data);
        remaining -= 1;
      }
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

/** What many processes meet alike is noted for the first of them. */
function obstacleNotes(note: (text: string) => void, style: Style): (probe: ProbeView) => void {
  const noted = new Set<string>();
  return ({ agents }) => {
    for (const report of agents) {
      const obstacle = renderObstacle(report);
      if (obstacle === undefined || noted.has(obstacle)) continue;
      noted.add(obstacle);
      note(`${style.colors.dim(escapeUnsafe(report.instance))} ${obstacle}`);
    }
  };
}
