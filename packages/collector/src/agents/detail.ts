import type { AgentDetail, AgentProbes, ProbeReport } from '@dormouse/protocol';
import type { LiveAgent } from './fleet.js';

/** What a connected process says of its probes and of its budget. */
export function detailOf(agent: LiveAgent): Pick<AgentDetail, 'probes' | 'budget'> {
  const { budget } = agent.standing;
  return { probes: addUp(agent), ...(budget !== undefined && { budget }) };
}

function addUp({ told, reports }: LiveAgent): AgentProbes {
  const inState = (state: ProbeReport['state']): readonly ProbeReport[] =>
    reports.filter((report) => report.state === state);
  const sum = (of: 'seen' | 'matched' | 'captured' | 'incomplete'): number =>
    reports.reduce((total, report) => total + report[of], 0);
  const armed = inState('armed');
  const disarmed = inState('disarmed').length;
  return {
    told: told.size,
    armed: armed.length,
    waiting: told.size - armed.length - disarmed,
    disarmed,
    resting: armed.filter(({ pause }) => pause !== undefined).length,
    seen: sum('seen'),
    matched: sum('matched'),
    captured: sum('captured'),
    incomplete: sum('incomplete'),
    skipped: addCounts(reports.map(({ skipped }) => skipped)),
    dropped: addCounts(reports.map(({ dropped }) => dropped)),
  };
}

function addCounts<Reason extends string>(
  counts: readonly Partial<Record<Reason, number>>[],
): Partial<Record<Reason, number>> {
  const total: Partial<Record<Reason, number>> = {};
  for (const [reason, count] of counts.flatMap((one) => Object.entries(one) as [Reason, number][]))
    total[reason] = (total[reason] ?? 0) + count;
  return total;
}
