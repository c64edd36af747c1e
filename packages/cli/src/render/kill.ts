import type { KillView } from '@dormouse/protocol';

import { formatDuration } from './time.js';

const OF: Readonly<Record<KillView['by'], string>> = {
  everything: 'with everything',
  service: 'with the service',
  pool: 'with its pool',
  instance: 'in this process',
  process: 'by the program itself',
};

/** `switched off with the service 5m ago: latency in eu`. `now`: ms since 1970. */
export function killWords({ by, reason, since }: KillView, now: number): string {
  const when = since === undefined ? '' : ` ${formatDuration(now - since)} ago`;
  return `switched off ${OF[by] ?? by}${when}${reason === undefined ? '' : `: ${reason}`}`;
}
