import type { DisarmCause, ProbeReport } from '@dormouse/protocol';

import { pauseWords } from './pause.js';
import { escapeUnsafe } from './text.js';
import { CAUSE_WORDS, inWords } from './words.js';

/** How a probe ends that has done what it was to do. */
const ORDERLY: ReadonlySet<DisarmCause | undefined> = new Set(['removed', 'expired', 'hitLimit', 'verdict']);

/** What keeps a probe from giving evidence in a process; undefined where nothing does. */
export function renderObstacle({ state, cause, message, pause }: ProbeReport): string | undefined {
  const isDisarmed = state === 'disarmed' && cause !== undefined && !ORDERLY.has(cause);
  const parts = [
    ...(isDisarmed ? [`disarmed: ${inWords(CAUSE_WORDS, cause)}`] : []),
    ...(pause === undefined ? [] : [pauseWords(pause)]),
    ...(message === undefined ? [] : [message]),
  ];
  return parts.length === 0 ? undefined : escapeUnsafe(parts.join('; '));
}
