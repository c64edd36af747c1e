import type { MetricCommand, NamedExpression, ProbeView } from '@dormouse/protocol';
import type { InstanceReport, StoredProbe } from '../storage/contract/probes.js';

/** A probe as the API shows it. */
export function viewProbe(
  { definition: probe, state, endCause, endedAt, hits }: StoredProbe,
  agents: readonly InstanceReport[],
  unplaced: ProbeView['unplaced'],
): ProbeView {
  return {
    id: probe.id,
    kind: probe.kind,
    service: probe.service,
    location: probe.location,
    ...(probe.until !== undefined && { until: probe.until.location }),
    ...(probe.within !== undefined && { within: probe.within }),
    on: probe.on,
    function: probe.anchor.function,
    ...(probe.includes !== undefined && {
      includes: probe.includes.map(({ location, anchor }) => ({ function: anchor.function, location })),
    }),
    ...(probe.steps !== undefined && { steps: probe.steps }),
    ...(probe.condition !== undefined && { condition: probe.condition.source }),
    watches: probe.watches.map((watch) => watch.source),
    ...(probe.callers !== undefined && { callers: probe.callers }),
    ...(probe.template !== undefined && { template: probe.template.text, level: probe.level }),
    ...(probe.to !== undefined && { to: probe.to }),
    ...(probe.expect !== undefined && { expect: probe.expect.source }),
    ...(probe.verdict !== undefined && { verdict: probe.verdict }),
    ...(probe.metric !== undefined && viewMetric(probe.metric)),
    ...(probe.name !== undefined && { name: probe.name }),
    ...(probe.attributes !== undefined && { attributes: sourcesOf(probe.attributes) }),
    target: probe.target,
    limits: probe.limits,
    ...(probe.hitsOf !== undefined && { hitsOf: probe.hitsOf }),
    capture: probe.capture,
    ...(probe.owner !== undefined && { owner: probe.owner }),
    ...(probe.group !== undefined && { group: probe.group }),
    createdAt: probe.createdAt,
    expiresAt: probe.expiresAt,
    state,
    ...(endCause !== undefined && { endCause }),
    ...(endedAt !== undefined && { endedAt }),
    hits,
    unplaced,
    agents,
  };
}

const viewMetric = ({ value, by, keys }: MetricCommand): Pick<ProbeView, 'value' | 'by' | 'keys'> => ({
  ...(value !== undefined && { value: value.source }),
  ...(by !== undefined && { by: by.source, keys }),
});

const sourcesOf = (attributes: readonly NamedExpression[]): Record<string, string> =>
  Object.fromEntries(attributes.map(({ name, expression }) => [name, expression.source]));
