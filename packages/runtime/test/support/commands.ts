import {
  DEFAULT_CAPTURE_LIMITS,
  DEFAULT_LOG_LIMITS,
  DEFAULT_SNAPSHOT_LIMITS,
  type Capture,
  type CaptureLimits,
  type ProbeCommand,
  type ProbeLimits,
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
  readonly limits?: Partial<ProbeLimits>;
  readonly capture?: Partial<CaptureLimits>;
}

/** The command that the collector would send for the first point of a line. */
export function commandAt(woven: WovenPoints, line: number, options: CommandOptions = {}): ProbeCommand {
  const { owner, point } = woven.point(line);
  const isLog = options.template !== undefined;
  return {
    id: options.id ?? `probe-${++probes}`,
    kind: isLog ? 'log' : 'snapshot',
    file: woven.file.id,
    functionIndex: owner.index,
    pointIndex: point.index,
    locals: woven.names(point.locals),
    outers: woven.names(point.outers),
    form: owner.form,
    self: point.self,
    ...(options.condition !== undefined && { condition: parseExpression(options.condition) }),
    watches: (options.watches ?? []).map(parseExpression),
    ...(options.template !== undefined && { template: parseTemplate(options.template) }),
    level: 'info',
    limits: { ...(isLog ? DEFAULT_LOG_LIMITS : DEFAULT_SNAPSHOT_LIMITS), ...options.limits },
    capture: { ...DEFAULT_CAPTURE_LIMITS, ...options.capture },
  };
}

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
