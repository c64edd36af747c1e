import type { Capture, DropReason, ProbeCommand } from '@dormouse/protocol';
import { monotonicMs } from '../intrinsics.js';
import { writeLog } from '../logger/write-log.js';
import type { HitEnvironment } from './gate.js';

/**
 * Where a probe's captures go: to the collector, and logs also, or instead, to where the process writes its own.
 * @param onLoss told why, where a log is on its way to the collector and did not get to the process
 */
export function destinationOf(
  { kind, to = 'collector' }: ProbeCommand,
  { budget, enqueue }: HitEnvironment,
  onLoss: (reason: DropReason) => void,
): HitEnvironment['enqueue'] {
  /** What the program's logger takes, and a pipe that is full, is the probe's cost. */
  const write = (capture: Capture): DropReason | undefined => {
    const startedAt = monotonicMs();
    try {
      writeLog(capture);
      return undefined;
    } catch {
      return 'logFailed';
    } finally {
      budget.spent(startedAt, monotonicMs() - startedAt);
    }
  };

  if (kind !== 'log' || to === 'collector') return enqueue;
  if (to === 'process') {
    return (capture, bytesOfProbe) =>
      budget.charge(monotonicMs(), capture.message?.length ?? 0, bytesOfProbe) ?? write(capture);
  }
  return (...queued) => {
    const loss = write(queued[0]);
    if (loss !== undefined) onLoss(loss);
    return enqueue(...queued);
  };
}
