import type { ProbeCommand, ProbeEvent, ProbePlace, SpanCommand } from '@dormouse/protocol';
import { namesOf } from '../builds/build-index.js';
import type { ProbeDefinition } from './definition.js';
import { hasSelf, isLine, type Spot } from './spot.js';

/** What a process of one build is told about a probe. Its life is what is left of it at `now`. */
export function commandFor(probe: ProbeDefinition, spot: Spot, now: number): ProbeCommand {
  const { condition, expect, template, verdict, metric, attributes } = probe;
  const { context } = probe.target;
  return {
    id: probe.id,
    kind: probe.kind,
    place: placeOf(spot, probe.on),
    ...(condition !== undefined && { condition }),
    watches: probe.watches,
    ...(template !== undefined && { template: template.parts }),
    level: probe.level,
    ...(expect !== undefined && { expect }),
    ...(verdict !== undefined && { verdict }),
    ...(metric !== undefined && { metric }),
    ...(probe.kind === 'span' && { span: spanOf(probe, spot) }),
    ...(attributes !== undefined && { attributes }),
    ...(context !== undefined && { context }),
    limits: { ...probe.limits, expiresInMs: Math.max(1, probe.expiresAt - now) },
    capture: probe.capture,
  };
}

const spanOf = ({ name, location }: ProbeDefinition, { fn }: Spot): SpanCommand => ({
  name: name ?? (fn.name || 'anonymous'),
  file: location.file,
  line: fn.line,
  function: fn.name,
});

function placeOf(spot: Spot, on: ProbeEvent): ProbePlace {
  const { file, fn } = spot;
  const address = { file: file.id, functionIndex: fn.index };
  if (on !== 'line') return { on, ...address, self: hasSelf(fn), locals: namesOf(file, fn.parameters) };
  if (!isLine(spot)) throw new Error(`${fn.name} is a function, and its probe waits for a line`);
  const { point } = spot;
  return {
    on,
    ...address,
    pointIndex: point.index,
    self: point.self,
    locals: namesOf(file, point.locals),
    outers: namesOf(file, point.outers ?? []),
  };
}
