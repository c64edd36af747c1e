import { LIMITS, type ProbeReport } from '@dormouse/protocol';
import { monotonicMs } from '../intrinsics.js';

/** Decides which reports are news to the collector, and when it hears them. */
export interface StatusLog {
  /** The reports to send now: at once where a state changed, else what changed since the last time. */
  news(reports: readonly ProbeReport[]): readonly ProbeReport[];
  /** After a reconnect everything is news. */
  reset(): void;
}

export function createStatusLog(): StatusLog {
  let known = new Map<string, ProbeReport>();
  let sentAt = 0;
  return {
    news(reports) {
      const changed = reports.filter((report) => !isSame(report, known.get(report.id)));
      const isUrgent = changed.some((report) => report.state !== known.get(report.id)?.state);
      if (!isUrgent && monotonicMs() - sentAt < LIMITS.statusMs) return [];
      sentAt = monotonicMs();
      known = new Map(reports.map((report) => [report.id, report]));
      return changed;
    },
    reset() {
      known = new Map();
    },
  };
}

const isSame = (report: ProbeReport, other: ProbeReport | undefined): boolean =>
  JSON.stringify(report) === JSON.stringify(other);
