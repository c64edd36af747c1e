import type { ProbeReport, ProbeView } from '@dormouse/protocol';
import { z } from 'zod';
import { MCP_LIMITS } from '../limits.js';

const counts = z.record(z.string(), z.number());

/** What evidence stands for: of which processes it is, and how much of what happened it shows. */
export const scope = z.object({
  summary: z.string().meta({ description: 'In words, for a report.' }),
  seen: z.number().meta({ description: 'Times the place was reached while the probe was armed.' }),
  matched: z.number().meta({ description: 'Of these, those for which the condition held.' }),
  captured: z.number().meta({ description: 'Of these, those that were captured.' }),
  skipped: counts.meta({ description: 'Those that were not, by reason.' }),
  dropped: counts.meta({ description: 'Those that were captured and lost, by reason.' }),
  processCount: z.number(),
  processes: z
    .array(
      z.object({
        instance: z.string(),
        state: z.string(),
        cause: z.string().optional(),
        message: z.string().optional(),
        seen: z.number(),
        captured: z.number(),
      }),
    )
    .meta({ description: `At most ${MCP_LIMITS.processes} of them.` }),
});

export type Scope = z.output<typeof scope>;

/** Processes report once a second: the newest hits may not be counted yet. */
export function scopeOf(probe: ProbeView): Scope {
  const { agents } = probe;
  const sum = (count: (report: ProbeReport) => number): number =>
    agents.reduce((total, report) => total + count(report), 0);
  const numbers = {
    seen: sum(({ seen }) => seen),
    matched: sum(({ matched }) => matched),
    captured: sum(({ captured }) => captured),
    skipped: addUp(agents.map(({ skipped }) => skipped)),
    dropped: addUp(agents.map(({ dropped }) => dropped)),
    processCount: agents.length,
  };
  return {
    summary: summarise(probe, numbers),
    ...numbers,
    processes: agents
      .slice(0, MCP_LIMITS.processes)
      .map(({ instance, state, cause, message, seen, captured }) => ({
        instance,
        state,
        ...(cause !== undefined && { cause }),
        ...(message !== undefined && { message }),
        seen,
        captured,
      })),
  };
}

type Numbers = Pick<Scope, 'seen' | 'matched' | 'captured' | 'dropped' | 'processCount'>;

function summarise(probe: ProbeView, { seen, matched, captured, dropped, processCount }: Numbers): string {
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  return [
    `${seen} hits seen, ${matched} matched, ${captured} captured, ${lost} lost, in ${processCount} of the processes of ${probe.service}`,
    `from ${new Date(probe.createdAt).toISOString()} to ${probe.endedAt === undefined ? 'now' : new Date(probe.endedAt).toISOString()}`,
    'nothing is known of other times, processes and builds',
  ].join('; ');
}

function addUp(records: readonly Readonly<Record<string, number | undefined>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const record of records) {
    for (const [reason, count = 0] of Object.entries(record)) sums[reason] = (sums[reason] ?? 0) + count;
  }
  return sums;
}
