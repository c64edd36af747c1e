import type { ProcessLimits } from '@dormouse/protocol';

import { count } from './text.js';
import { formatDuration } from './time.js';

const WORDS: Readonly<Record<keyof ProcessLimits, (value: number) => string>> = {
  hitsPerSecond: (value) => `${count(value, 'capture')} a second`,
  bytesPerSecond: (value) => `${formatBytes(value)} a second`,
  cpuShare: (value) => `${Number((value * 100).toPrecision(3))} % of the main thread`,
  loopDelayMs: (value) => `an event loop ${value} ms late`,
  orphanMs: (value) => `${formatDuration(value)} without a collector`,
  lifetimeHits: (value) => `${count(value, 'capture')} in a process's life`,
  lifetimeBytes: (value) => `${formatBytes(value)} in a process's life`,
};

/** One text for each limit. */
export const limitWords = (limits: Partial<ProcessLimits>): string[] =>
  Object.entries(limits).map(([name, value]) => {
    const words = WORDS[name as keyof ProcessLimits] as ((value: number) => string) | undefined;
    return words?.(value) ?? `${name} ${value}`;
  });

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1_024 ** power).toPrecision(3))} ${UNITS[power]}`;
}
