import type {
  CallersCommand,
  LinePlace,
  ManifestPoint,
  MetricCommand,
  ProbeCommand,
  ProbeEvent,
  ProbePlace,
  SpanCommand,
} from '@dormouse/protocol';
import { namesOf, type IndexedFunction, type IndexedPoint } from '../builds/build-index.js';
import type { ProbeDefinition } from './definition.js';
import { isSmall, pathOf } from './path.js';
import type { Places } from './place.js';
import { hasSelf, isLine, positionOf, type Spot } from './spot.js';
import { stepsOf } from './steps.js';

/** A command, and what tells it from what the process was told before: its life, as what is left of it, always is another. */
export interface ToldProbe {
  readonly command: ProbeCommand;
  readonly state: string;
}

/** What a process of one build is told about a probe. Its life is what is left of it at `now`. */
export function commandFor(
  probe: ProbeDefinition,
  places: Places,
  callers: readonly IndexedFunction[],
  now: number,
): ProbeCommand {
  const { at, until, includes } = places;
  const { within, condition, expect, template, to, verdict, metric, attributes, steps } = probe;
  const { context } = probe.target;
  return {
    id: probe.id,
    kind: probe.kind,
    place: placeOf(at, probe.on),
    ...(until !== undefined && { until: lineOf(until) }),
    ...(within !== undefined && { within }),
    ...(condition !== undefined && { condition }),
    watches: probe.watches,
    ...(template !== undefined && { template: template.parts }),
    level: probe.level,
    ...(to !== undefined && { to }),
    ...(expect !== undefined && { expect }),
    ...(verdict !== undefined && { verdict }),
    ...(metric !== undefined && { metric: metricOf(probe, metric, at) }),
    ...(probe.kind === 'span' && { span: spanOf(probe, places) }),
    ...(steps !== undefined && { path: pathOf(at, includes, steps) }),
    ...linesOf(probe, at),
    ...(probe.callers !== undefined && { callers: callersOf(probe.callers, probe, at, callers) }),
    ...(attributes !== undefined && { attributes }),
    ...(context !== undefined && { context }),
    limits: { ...probe.limits, expiresInMs: Math.max(1, probe.expiresAt - now) },
    capture: probe.capture,
  };
}

export function toldOf(
  probe: ProbeDefinition,
  places: Places,
  callers: readonly IndexedFunction[],
  now: number,
): ToldProbe {
  const command = commandFor(probe, places, callers, now);
  const { hits, hitsPerSecond } = probe.limits;
  const followed = command.callers?.functions.length ?? 0;
  return { command, state: [probe.id, followed, probe.expiresAt, hits, hitsPerSecond].join(' ') };
}

/** A snapshot of what goes wrong shows how far it came; of a function that is too large, only how it began. */
const linesOf = ({ kind, on }: ProbeDefinition, at: Spot): Pick<ProbeCommand, 'lines'> =>
  kind === 'snapshot' && (on === 'throw' || on === 'end') && isSmall(at) ? { lines: stepsOf(at) } : {};

/** Where an async function waits, the call that is hit leads to who called it. */
const callersOf = (
  most: number,
  { on }: ProbeDefinition,
  at: Spot,
  callers: readonly IndexedFunction[],
): CallersCommand => {
  const leads = on === 'line' && at.fn.async && !at.fn.generator && isSmall(at);
  const others = callers.filter(({ file, fn }) => !leads || file !== at.file || fn !== at.fn);
  return { most, functions: [...(leads ? [at] : []), ...others].map(stepsOf) };
};

/** A duration of an async function follows its lines. */
const metricOf = ({ kind }: ProbeDefinition, metric: MetricCommand, { fn }: Spot): MetricCommand =>
  kind === 'duration' && fn.async ? { ...metric, passes: fn.points.map(passesOf) } : metric;

const passesOf = ({ locals, outers }: ManifestPoint): number =>
  1 + locals.length + (outers === undefined ? 0 : 1);

function spanOf({ name, location: { file } }: ProbeDefinition, { at, until }: Places): SpanCommand {
  const { line } = positionOf(at);
  const called = at.fn.name || 'anonymous';
  const lines = until === undefined ? '' : `:${line}-${until.point.line}`;
  return { name: name ?? called + lines, file, line, function: at.fn.name };
}

function placeOf(spot: Spot, on: ProbeEvent): ProbePlace {
  const { file, fn } = spot;
  if (on !== 'line')
    return {
      on,
      file: file.id,
      functionIndex: fn.index,
      self: hasSelf(fn),
      locals: namesOf(file, fn.parameters),
    };
  if (!isLine(spot)) throw new Error(`${fn.name} is a function, and its probe waits for a line`);
  return lineOf(spot);
}

const lineOf = ({ file, fn, point }: IndexedPoint): LinePlace => ({
  on: 'line',
  file: file.id,
  functionIndex: fn.index,
  pointIndex: point.index,
  self: point.self,
  locals: namesOf(file, point.locals),
  outers: namesOf(file, point.outers ?? []),
});
