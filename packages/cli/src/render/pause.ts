import type { Pause } from '@dormouse/protocol';

import { formatTime } from './time.js';
import { inWords, PAUSE_WORDS } from './words.js';

/** Who rests and why: `all probes of the process rest: its event loop is late`. */
export function pauseWords({ cause }: Pause): string {
  const who = cause === 'probeCpuBudget' ? 'the probe rests' : 'all probes of the process rest';
  return `${who}: ${inWords(PAUSE_WORDS, cause)}`;
}

/** With its times, on the clock of the process: `…, from 09:00:00.123 to 09:00:01.123`. */
export const renderPause = (pause: Pause): string =>
  `${pauseWords(pause)}, from ${formatTime(pause.since)} to ${formatTime(pause.until)}`;
