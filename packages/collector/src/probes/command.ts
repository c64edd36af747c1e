import type { ProbeCommand } from '@dormouse/protocol';
import { namesOf, type IndexedPoint } from '../builds/build-index.js';
import type { ProbeDefinition } from './definition.js';

/** What a process of one build is told about a probe. Its life is what is left of it at `now`. */
export function commandFor(probe: ProbeDefinition, at: IndexedPoint, now: number): ProbeCommand {
  const { file, fn, point } = at;
  return {
    id: probe.id,
    kind: probe.kind,
    file: file.id,
    functionIndex: fn.index,
    pointIndex: point.index,
    locals: namesOf(file, point.locals),
    outers: namesOf(file, point.outers ?? []),
    form: fn.form,
    self: point.self,
    ...(probe.condition !== undefined && { condition: probe.condition }),
    watches: probe.watches,
    ...(probe.template !== undefined && { template: probe.template.parts }),
    level: probe.level,
    limits: { ...probe.limits, expiresInMs: Math.max(1, probe.expiresAt - now) },
    capture: probe.capture,
  };
}
