import type { AgentDetail } from '@dormouse/protocol';
import { count, grouped, short } from '../../words/number.js';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `3 armed, 1 rests`; what a process last said of its probes. */
export function probesInWords({ probes }: AgentDetail): string {
  if (probes === undefined || probes.told === 0) return 'none';
  const { armed, waiting, resting } = probes;
  return [
    `${grouped(armed)} armed`,
    ...(resting === 0 ? [] : [`${count(resting, 'rests', 'rest')}`]),
    ...(waiting === 0 ? [] : [`${count(waiting, 'waits', 'wait')}`]),
  ].join(', ');
}

/** `1.2K captures, 840 KB`: in the life of the process. */
export function sentInWords({ budget }: AgentDetail): string {
  return budget === undefined ? '–' : `${short(budget.captures)} captures, ${bytes(budget.bytes)}`;
}

/** What its probes may take of a process at most, in one line for each limit. */
export function limitsInWords({ budget }: AgentDetail): string | undefined {
  if (budget === undefined) return undefined;
  const { cpuShare, hitsPerSecond, bytesPerSecond, loopDelayMs } = budget.limits;
  return [
    ...(cpuShare === undefined ? [] : [`At most ${Number((cpuShare * 100).toPrecision(3))} % of its time`]),
    ...(hitsPerSecond === undefined ? [] : [`${grouped(hitsPerSecond)} captures a second`]),
    ...(bytesPerSecond === undefined ? [] : [`${bytes(bytesPerSecond)} a second`]),
    ...(loopDelayMs === undefined ? [] : [`paused when its event loop is ${grouped(loopDelayMs)} ms late`]),
  ].join('\n');
}

function bytes(value: number): string {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10));
  return `${Number((value / 1_024 ** unit).toPrecision(3))} ${UNITS[unit]}`;
}
