import type { ProbeView } from '@dormouse/protocol';
import { z } from 'zod';
import { scope, scopeOf } from './scope.js';

/** A probe with its account, in short. */
export const probeState = z.object({
  probe: z.string().meta({ description: 'Its id.' }),
  kind: z.string(),
  service: z.string(),
  place: z.string().meta({ description: 'As it was resolved: `src/risk.ts:41 in RiskGate.assess`.' }),
  on: z.string(),
  group: z.string().meta({ description: 'The debug session that it is of.' }).optional(),
  condition: z.string().optional(),
  expect: z.string().optional(),
  mine: z.boolean().meta({ description: 'Whether it is yours to end.' }),
  state: z.enum(['active', 'ended']),
  endCause: z.string().optional(),
  expiresInS: z.number().optional(),
  hits: z.number(),
  scope,
  advice: z.string().meta({ description: 'Why there is nothing yet, and what to do about it.' }).optional(),
});

export type ProbeState = z.output<typeof probeState>;

export function stateOf(probe: ProbeView, owner: string): ProbeState {
  const advice = adviceOn(probe);
  return {
    probe: probe.id,
    kind: probe.kind,
    service: probe.service,
    place: placeOf(probe),
    on: probe.on,
    ...(probe.group !== undefined && { group: probe.group }),
    ...(probe.condition !== undefined && { condition: probe.condition }),
    ...(probe.expect !== undefined && { expect: probe.expect }),
    mine: probe.owner === owner,
    state: probe.state,
    ...(probe.endCause !== undefined && { endCause: probe.endCause }),
    ...(probe.state === 'active' && {
      expiresInS: Math.max(0, Math.round((probe.expiresAt - Date.now()) / 1_000)),
    }),
    hits: probe.hits,
    scope: scopeOf(probe),
    ...(advice !== undefined && { advice }),
  };
}

export const placeOf = ({
  location: { file, line },
  function: name,
}: Pick<ProbeView, 'location' | 'function'>): string => `${file}:${line} in ${name}`;

/** The first of the reasons for which a probe may have shown nothing. */
function adviceOn(probe: ProbeView): string | undefined {
  const { seen, matched, captured, skipped } = scopeOf(probe);
  if (probe.killed !== undefined) {
    const reason = probe.killed.reason ?? 'no reason was given';
    return `Probes are switched off (${reason}). A person has to switch them on again; do not try to.`;
  }
  const [unplaced] = probe.unplaced;
  if (probe.agents.length === 0) {
    if (unplaced !== undefined)
      return `It has no place in build ${unplaced.buildId}, which runs: ${unplaced.reason}`;
    return 'No process has it yet. Is one connected? find_services tells.';
  }
  const waiting = probe.agents.find(({ state, message }) => state === 'received' && message !== undefined);
  if (waiting !== undefined && seen === 0)
    return `In ${waiting.instance}: ${waiting.message} If the service does not use that code at all, look for a place that it does run.`;
  const refused = probe.agents.find(({ cause, message }) => cause === 'error' || message !== undefined);
  if (refused !== undefined && probe.hits === 0)
    return `In ${refused.instance}: ${refused.message ?? refused.cause}`;
  if (probe.hits > 0 || captured > 0) return undefined;
  const paused = probe.agents.find(({ pause }) => pause !== undefined);
  if (paused !== undefined) return `Probes rest in ${paused.instance}: ${paused.pause!.cause}.`;
  if (seen === 0 && probe.state === 'ended') return 'It ended before its place was reached.';
  if (seen === 0)
    return 'The place has not been reached since it was armed. Wait for traffic, or look for a place that is on the way.';
  if ((skipped['conditionError'] ?? 0) > 0)
    return `The condition failed ${skipped['conditionError']} times: it reads something that is not always there. Use ?. or another variable.`;
  if (matched === 0)
    return `The place was reached ${seen} times, and the condition held none of them. If that is no answer already, widen it, or place a probe without one to see the values.`;
  return undefined;
}
