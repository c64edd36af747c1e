import type { ProbeLocation, ProbeRequest } from '@dormouse/protocol';
import { isMetric } from '../metrics/kinds.js';
import type { DefinedPlace, ProbeDefinition } from './definition.js';

/** What to ask for to get the same probe once more. Whose it is, the new one does not say. */
export function requestOf(probe: ProbeDefinition): ProbeRequest {
  const { kind, service, location, anchor, until, includes, on, limits, metric } = probe;
  const { condition, expect, template, attributes } = probe;
  const isOfCalls = kind === 'span' || kind === 'duration' || kind === 'path';
  return {
    kind,
    service,
    location: on === 'line' ? location : functionAt({ location, anchor }),
    ...(until !== undefined && { until: until.location }),
    ...(includes !== undefined && { includes: includes.map(functionAt) }),
    ...(on !== 'line' && !isOfCalls && { on }),
    ...pick(probe, 'within', 'steps', 'callers', 'to', 'verdict', 'name', 'hitsOf'),
    ...(condition !== undefined && { condition: condition.source }),
    ...(expect !== undefined && { expect: expect.source }),
    ...(probe.watches.length > 0 && { watches: probe.watches.map(({ source }) => source) }),
    ...(template !== undefined && { template: template.text, level: probe.level }),
    ...(metric?.value !== undefined && { value: metric.value.source }),
    ...(metric?.by !== undefined && { by: metric.by.source, keys: metric.keys }),
    ...(attributes !== undefined && {
      attributes: Object.fromEntries(attributes.map(({ name, expression }) => [name, expression.source])),
    }),
    target: probe.target,
    limits: isMetric(kind) ? { expiresInMs: limits.expiresInMs } : limits,
    capture: probe.capture,
  };
}

/** By name and line, so that it is one function also where several have the name. */
const functionAt = ({ location: { file, line }, anchor }: DefinedPlace): ProbeLocation => ({
  file,
  line,
  function: anchor.function,
});

function pick<Key extends keyof ProbeDefinition>(
  probe: ProbeDefinition,
  ...keys: readonly Key[]
): Pick<ProbeDefinition, Key> {
  return Object.fromEntries(
    keys.filter((key) => probe[key] !== undefined).map((key) => [key, probe[key]]),
  ) as Pick<ProbeDefinition, Key>;
}
