import { LIMITS, type ProbeReport } from '@dormouse/protocol';
import { monotonicMs } from '../intrinsics.js';

/** Decides which reports are news to the collector, and when it hears them. */
export interface StatusLog {
  /** The reports to send now: at once where a state changed or a pause began or ended, else what changed in between. */
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
      const isUrgent = changed.some((report) => standsElsewhere(report, known.get(report.id)));
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

const standsElsewhere = (report: ProbeReport, other: ProbeReport | undefined): boolean =>
  report.state !== other?.state || report.pause?.since !== other.pause?.since;

const isSame = (report: ProbeReport, other: ProbeReport | undefined): boolean =>
  JSON.stringify(report) === JSON.stringify(other);
