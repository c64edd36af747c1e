export type Interrupted = 'interrupted' | 'timeout';

export interface Interruption {
  readonly signal: AbortSignal;
  readonly reason: () => Interrupted;
  /** Gives Ctrl-C its usual meaning back and stops the clock. */
  readonly release: () => void;
}

/** A signal that comes with Ctrl-C or SIGTERM, or after a time in ms; default: no such time. */
export function interruption(timeoutMs?: number): Interruption {
  const controller = new AbortController();
  let reason: Interrupted = 'interrupted';
  const stop = (why: Interrupted): void => {
    reason = why;
    controller.abort();
  };
  const interrupt = (): void => stop('interrupted');
  const timer = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs, 'timeout');
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    reason: () => reason,
    release: () => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    },
  };
}
