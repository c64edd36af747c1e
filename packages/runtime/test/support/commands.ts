import {
  DEFAULT_CAPTURE_LIMITS,
  DEFAULT_LOG_LIMITS,
  DEFAULT_SNAPSHOT_LIMITS,
  type Capture,
  type CallPlace,
  type CaptureLimits,
  type LinePlace,
  type ManifestFunction,
  METRIC_LIMITS,
  type MetricCommand,
  type MetricKind,
  type ProbeCommand,
  type ProbeLimits,
  type ProbePlace,
  type StepsPlace,
  type VerdictRule,
} from '@dormouse/protocol';
import { parseExpression, parseTemplate } from '@dormouse/expression/parse';
import type { WovenPoints } from './woven.ts';

let probes = 0;

export interface CommandOptions {
  readonly id?: string;
  readonly condition?: string;
  readonly watches?: readonly string[];
  /** Makes it a log. */
  readonly template?: string;
  /** Makes it a check. */
  readonly expect?: string;
  readonly verdict?: VerdictRule;
  /** Makes it a metric. */
  readonly metric?: MetricOptions;
  readonly place?: Partial<LinePlace>;
  readonly limits?: Partial<ProbeLimits>;
  readonly capture?: Partial<CaptureLimits>;
}

export interface MetricOptions {
  readonly kind: MetricKind;
  readonly value?: string;
  readonly by?: string;
  readonly keys?: number;
}

/** The command that the collector would send for the first point of a line. */
export function commandAt(woven: WovenPoints, line: number, options: CommandOptions = {}): ProbeCommand {
  return commandFor(options, { ...linePlaceAt(woven, line), ...options.place });
}

/** The first point of a line, as the collector would tell a process of it. */
export function linePlaceAt(woven: WovenPoints, line: number): LinePlace {
  const { owner, point } = woven.point(line);
  return {
    on: 'line',
    file: woven.file.id,
    functionIndex: owner.index,
    pointIndex: point.index,
    self: point.self,
    locals: woven.names(point.locals),
    outers: woven.names(point.outers),
  };
}

/** The command for the calls of a function. */
export function commandOn(
  on: CallPlace['on'],
  woven: WovenPoints,
  name: string,
  options: CommandOptions = {},
): ProbeCommand {
  const owner = woven.file.functions.find((candidate) => candidate.name === name);
  if (owner === undefined) throw new Error(`no function ${name}`);
  return commandFor(options, {
    on,
    file: woven.file.id,
    functionIndex: owner.index,
    self: false,
    locals: woven.names(owner.parameters),
  });
}

function commandFor(options: CommandOptions, place: ProbePlace): ProbeCommand {
  const kind = options.template !== undefined ? 'log' : options.expect !== undefined ? 'check' : 'snapshot';
  const { metric } = options;
  return {
    id: options.id ?? `probe-${++probes}`,
    kind: metric?.kind ?? kind,
    place,
    ...(options.condition !== undefined && { condition: parseExpression(options.condition) }),
    watches: (options.watches ?? []).map(parseExpression),
    ...(options.template !== undefined && { template: parseTemplate(options.template) }),
    level: 'info',
    ...(options.expect !== undefined && { expect: parseExpression(options.expect) }),
    ...(options.verdict !== undefined && { verdict: options.verdict }),
    ...(metric !== undefined && { metric: metricCommand(metric) }),
    limits: { ...(kind === 'log' ? DEFAULT_LOG_LIMITS : DEFAULT_SNAPSHOT_LIMITS), ...options.limits },
    capture: { ...DEFAULT_CAPTURE_LIMITS, ...options.capture },
  };
}

const metricCommand = ({ value, by, keys = METRIC_LIMITS.keys }: MetricOptions): MetricCommand => ({
  ...(value !== undefined && { value: parseExpression(value) }),
  ...(by !== undefined && { by: parseExpression(by) }),
  keys,
});

let captures = 0;

/** A log capture with a message of some length. */
export const logCapture = (length = 10, fields: Partial<Capture> = {}): Capture => ({
  id: `capture-${++captures}`,
  probe: 'p',
  kind: 'log',
  at: 0,
  hit: 1,
  tookUs: 1,
  message: 'x'.repeat(length),
  level: 'info',
  ...fields,
});

/** A function with all its points, as the collector would send it. */
export const stepsOf = ({ file }: WovenPoints, fn: ManifestFunction): StepsPlace => ({
  file: file.id,
  functionIndex: fn.index,
  function: fn.name,
  source: 'src/script.ts',
  synchronous: !fn.async && !fn.generator,
  self: fn.points.every((point) => point.self),
  names: file.names,
  parameters: fn.parameters,
  points: fn.points,
});

/** The same of a function by its name. */
export function stepsFor(woven: WovenPoints, name: string): StepsPlace {
  const owner = woven.file.functions.find((candidate) => candidate.name === name);
  if (owner === undefined) throw new Error(`no function ${name}`);
  return stepsOf(woven, owner);
}
