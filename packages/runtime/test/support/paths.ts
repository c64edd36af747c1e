import {
  DEFAULT_PATH_CAPTURE_LIMITS,
  DEFAULT_PATH_LIMITS,
  PATH_LIMITS,
  type CaptureLimits,
  type CapturedValue,
  type Capture,
  type ManifestFunction,
  type ProbeCommand,
  type ProbeLimits,
  type StepsPlace,
} from '@dormouse/protocol';
import { parseExpression } from '@dormouse/expression/parse';
import { linePlaceAt, stepsOf } from './commands.ts';
import type { WovenPoints } from './woven.ts';

/** A function, or the first of that name. */
type Called = string | ManifestFunction;

export interface PathOptions {
  readonly condition?: string;
  /** A line. */
  readonly until?: number;
  readonly includes?: readonly Called[];
  readonly steps?: number;
  readonly context?: Readonly<Record<string, string>>;
  readonly limits?: Partial<ProbeLimits>;
  readonly capture?: Partial<CaptureLimits>;
}

let paths = 0;

/** The command that the collector would send for the calls of a function. */
export function pathOf(woven: WovenPoints, called: Called, options: PathOptions = {}): ProbeCommand {
  const { condition, until, includes = [], steps = PATH_LIMITS.steps, context } = options;
  const root = stepsOf(woven, functionOf(woven, called));
  return {
    id: `path-${++paths}`,
    kind: 'path',
    place: {
      on: 'end',
      ...addressOf(root),
      self: root.self,
      locals: root.parameters.map((at) => root.names[at]!),
    },
    ...(until !== undefined && { until: linePlaceAt(woven, until) }),
    ...(condition !== undefined && { condition: parseExpression(condition) }),
    ...(context !== undefined && { context }),
    watches: [],
    level: 'info',
    path: { root, includes: includes.map((other) => stepsOf(woven, functionOf(woven, other))), steps },
    limits: { ...DEFAULT_PATH_LIMITS, hits: 1_000, hitsPerSecond: 1_000, ...options.limits },
    capture: { ...DEFAULT_PATH_CAPTURE_LIMITS, timeMs: 1_000, ...options.capture },
  };
}

function functionOf({ file }: WovenPoints, called: Called): ManifestFunction {
  if (typeof called !== 'string') return called;
  const found = file.functions.find(({ name }) => name === called);
  if (found === undefined) throw new Error(`no function ${called}`);
  return found;
}

const addressOf = ({ file, functionIndex }: StepsPlace): Pick<StepsPlace, 'file' | 'functionIndex'> => ({
  file,
  functionIndex,
});

/** A path as text: `3:else a=1 b={x: 2}`, a line for each step; of other functions `g:3`, of deeper calls `  f:3`. */
export function linesOf({ path }: Capture): string[] {
  if (path === undefined) throw new Error('no path');
  const lines = path.steps.map((step, index) => {
    const call = path.calls[step.call]!;
    const gap = path.omitted?.before === index ? `… ${path.omitted.count} … ` : '';
    const where = call.depth === 0 ? '' : `${'  '.repeat(call.depth)}${path.functions[call.function]!.name}:`;
    const arm = step.arm === undefined ? '' : `:${step.arm}`;
    const enters = step.enters === undefined ? '' : `(${step.enters})`;
    const news = (step.changed ?? []).map(({ key, value }) => ` ${key}=${textOf(value)}`);
    return `${gap}${where}${step.line}${arm}${enters}${news.join('')}`;
  });
  return [...lines, path.ended];
}

export function textOf(value: CapturedValue): string {
  switch (value.type) {
    case 'object':
      return `{${value.properties.map(({ key, value: inner }) => `${key}: ${textOf(inner)}`).join(', ')}}`;
    case 'array':
      return `[${value.items.map(textOf).join(', ')}]`;
    case 'omitted':
      return `<${value.omitted.reason}>`;
    case 'redacted':
      return `<${value.rule}>`;
    case 'function':
      return `${value.name}()`;
    case 'error':
      return `${value.class}(${value.message})`;
    default:
      return 'value' in value ? String(value.value) : value.type;
  }
}
