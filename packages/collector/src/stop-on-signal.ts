import type { Collector } from './collector.js';

/** Ctrl-C reaches the collector twice where `dormouse collector` passes it on: so soon after the first it is the same one, ms. */
const SAME_SIGNAL_MS = 500;

/** Stops the collector at the first SIGINT or SIGTERM, and the process at once at the second. */
export function stopOnSignal(collector: Collector): void {
  let firstAt: number | undefined;
  const stop = (): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      collector.close().catch(() => process.exit(1));
    } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}
