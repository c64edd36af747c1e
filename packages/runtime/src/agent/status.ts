import { LIMITS, type ProbeReport, type StatusMessage } from '@dormouse/protocol';
import { monotonicMs } from '../intrinsics.js';

/** Decides which reports are news to the collector, and when it hears them. */
export interface StatusLog {
  /**
   * The reports to send now: at once where a state changed or a pause began or ended, else what changed in between.
   * @param process how the process itself stands, whose changes are told at once
   * @returns nothing where there is nothing to tell now
   */
  news(reports: readonly ProbeReport[], process: ProcessState): readonly ProbeReport[] | undefined;
  /** After a reconnect everything is news. */
  reset(): void;
}

export type ProcessState = Pick<StatusMessage, 'policy' | 'pause'>;

export function createStatusLog(): StatusLog {
  let known = new Map<string, ProbeReport>();
  let knownProcess: ProcessState | undefined;
  let sentAt = 0;
  return {
    news(reports, process) {
      const changed = reports.filter((report) => !isSame(report, known.get(report.id)));
      const isUrgent =
        !isSame(process, knownProcess) ||
        changed.some((report) => standsElsewhere(report, known.get(report.id)));
      const isTime = changed.length > 0 && monotonicMs() - sentAt >= LIMITS.statusMs;
      if (!isUrgent && !isTime) return undefined;
      sentAt = monotonicMs();
      known = new Map(reports.map((report) => [report.id, report]));
      knownProcess = process;
      return changed;
    },
    reset() {
      known = new Map();
      knownProcess = undefined;
    },
  };
}

const standsElsewhere = (report: ProbeReport, other: ProbeReport | undefined): boolean =>
  report.state !== other?.state || report.pause?.since !== other.pause?.since;

const isSame = <Told extends ProbeReport | ProcessState>(told: Told, other: Told | undefined): boolean =>
  JSON.stringify(told) === JSON.stringify(other);
