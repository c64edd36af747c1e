import {
  DEFAULT_CAPTURE_LIMITS,
  LIMITS,
  MAX_CAPTURE_LIMITS,
  MAX_PROBE_LIMITS,
  METRIC_KINDS,
  METRIC_LIMITS,
  PATH_LIMITS,
  type CollectorMessage,
  type CompiledExpression,
  type PolicyMessage,
  type ProbeCommand,
  type ProbePlace,
  type ProcessLimits,
  type RedactionRules,
} from '@dormouse/protocol';
import { LIMIT_NAMES } from '../budget/limits.js';
import { isRecord } from '../is-record.js';
import { decode } from './codec.js';

/** A command that could not be understood, with what is needed to report it. */
export interface InvalidCommand {
  readonly id: string;
  readonly invalid: string;
}

export type IncomingMessage =
  | Exclude<CollectorMessage, { type: 'probes' }>
  | {
      readonly type: 'probes';
      readonly revision: number;
      readonly probes: readonly (ProbeCommand | InvalidCommand)[];
    };

/**
 * Reads a message of the collector. Nothing in it is trusted: shapes are checked, limits are brought
 * under their ceilings, and a command that is wrong does not keep the others from being read.
 * @throws where it is not a message
 */
export function readMessage(bytes: Uint8Array): IncomingMessage {
  const message = decode(bytes);
  if (isRecord(message)) {
    const { type, revision, probes, batch, manifestNeeded, code } = message;
    if (type === 'welcome') return { type, manifestNeeded: manifestNeeded === true };
    if (type === 'stored' && typeof batch === 'number') return { type, batch };
    if (type === 'policy') return readPolicy(message);
    if (type === 'refused') return { type, code: String(code), message: String(message['message']) };
    if (type === 'probes' && typeof revision === 'number' && Array.isArray(probes)) {
      return { type, revision, probes: probes.filter(hasId).map(readCommand) };
    }
  }
  throw new Error('not a message of the protocol');
}

/** A list that is too long or not understood would allow what it was to forbid: then nothing is allowed. */
function readPolicy(message: Record<string, unknown>): PolicyMessage {
  const { revision, killed, reason, deny, redaction, limits } = message;
  const isDenyList = isListOf(
    (entry) => isText(entry) && (entry as string).length <= LIMITS.denyEntryLength,
    LIMITS.denyEntries,
  );
  return {
    type: 'policy',
    revision: isIndex(revision) ? (revision as number) : 0,
    killed: killed === true,
    ...(typeof reason === 'string' && { reason: reason.slice(0, LIMITS.reasonLength) }),
    deny: isDenyList(deny) ? (deny as string[]) : ['**'],
    // Checked where it is put in force.
    ...(redaction !== undefined && { redaction: redaction as RedactionRules }),
    ...(limits !== undefined && { limits: readLimits(limits) }),
  };
}

/** What is no limit lowers nothing. */
function readLimits(limits: unknown): Partial<ProcessLimits> {
  if (!isRecord(limits)) return {};
  const isLimit = (value: unknown): boolean => typeof value === 'number' && value >= 0;
  return Object.fromEntries(
    LIMIT_NAMES.filter((name) => isLimit(limits[name])).map((name) => [name, limits[name]]),
  );
}

type WithId = Record<string, unknown> & { readonly id: string };

const hasId = (value: unknown): value is WithId => isRecord(value) && typeof value['id'] === 'string';

function readCommand(fields: WithId, index: number): ProbeCommand | InvalidCommand {
  if (index >= LIMITS.probesPerProcess) {
    return { id: fields.id, invalid: `a process takes at most ${LIMITS.probesPerProcess} probes` };
  }
  const wrong = commandFields.find(([name, isValid]) => !isValid(fields[name]));
  if (wrong !== undefined) return { id: fields.id, invalid: `the command's ${wrong[0]} is not valid` };
  const command = fields as unknown as ProbeCommand;
  return {
    ...command,
    limits: clamp(command.limits, MAX_PROBE_LIMITS),
    capture: clamp(command.capture, MAX_CAPTURE_LIMITS),
  };
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isIndex = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const isOneOf =
  (...options: readonly string[]) =>
  (value: unknown): boolean =>
    options.includes(value as string);
const isListOf =
  (isItem: (value: unknown) => boolean, most = Number.MAX_SAFE_INTEGER) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.length <= most && value.every(isItem);
const isOptional =
  (isValid: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || isValid(value);

/** The tree itself is verified when it is compiled. */
const isExpression = (value: unknown): boolean =>
  isRecord(value) && isText((value as unknown as CompiledExpression).source);

function isMetric(metric: unknown): boolean {
  if (!isRecord(metric)) return false;
  const { value, by, keys, passes } = metric;
  const isRead =
    isOptional(isExpression)(value) && isOptional(isExpression)(by) && isOptional(isListOf(isIndex))(passes);
  return isRead && isIndex(keys) && keys !== 0 && (keys as number) <= METRIC_LIMITS.maxKeys;
}

function isPlace(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { on, file, functionIndex, pointIndex, self, locals, outers } = value;
  const isAddress =
    isText(file) && isIndex(functionIndex) && typeof self === 'boolean' && isListOf(isText)(locals);
  if (on === 'line') return isAddress && isIndex(pointIndex) && isListOf(isText)(outers);
  return isAddress && isOneOf('entry', 'return', 'throw', 'end')(on);
}

const isSpan = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value['name']) &&
  isText(value['file']) &&
  isIndex(value['line']) &&
  isText(value['function']);

const isOneOfFirst =
  (count: number) =>
  (value: unknown): boolean =>
    isIndex(value) && (value as number) < count;

/** A branching statement stands before what is in its arms: so chains of them end. */
const isBranch =
  (index: number) =>
  (branch: unknown): boolean =>
    Array.isArray(branch) && isOneOfFirst(index)(branch[0]) && isText(branch[1]);

function isSteps(value: unknown): boolean {
  if (!isRecord(value) || !Array.isArray(value['names']) || !Array.isArray(value['points'])) return false;
  const isNames = isListOf(isOneOfFirst(value['names'].length));
  const isStep = (point: unknown, index: number): boolean =>
    isRecord(point) &&
    isIndex(point['line']) &&
    isIndex(point['column']) &&
    typeof point['self'] === 'boolean' &&
    isNames(point['locals']) &&
    isOptional(isNames)(point['outers']) &&
    isOptional(isBranch(index))(point['branch']);
  return (
    isText(value['file']) &&
    isIndex(value['functionIndex']) &&
    isText(value['function']) &&
    isText(value['source']) &&
    typeof value['synchronous'] === 'boolean' &&
    value['names'].every(isText) &&
    value['points'].every(isStep)
  );
}

const isPath = (value: unknown): boolean =>
  isRecord(value) &&
  isSteps(value['root']) &&
  isListOf(isSteps, PATH_LIMITS.includes)(value['includes']) &&
  isIndex(value['steps']) &&
  (value['steps'] as number) >= 2 &&
  (value['steps'] as number) <= PATH_LIMITS.maxSteps;

const isCallers = (value: unknown): boolean =>
  isRecord(value) &&
  isIndex(value['most']) &&
  (value['most'] as number) <= LIMITS.callers &&
  isListOf(isSteps, LIMITS.callerFunctions)(value['functions']);

const isNamedExpression = (value: unknown): boolean =>
  isRecord(value) && isText(value['name']) && isExpression(value['expression']);

const isLimits =
  (ceilings: object) =>
  (value: unknown): boolean =>
    isRecord(value) &&
    Object.keys(ceilings).every((name) => typeof value[name] === 'number' && (value[name] as number) >= 0);

const commandFields: readonly (readonly [keyof ProbeCommand, (value: unknown) => boolean])[] = [
  ['kind', isOneOf('snapshot', 'log', 'check', ...METRIC_KINDS, 'span', 'tag', 'path')],
  ['place', isPlace],
  ['until', isOptional((value) => isPlace(value) && (value as ProbePlace).on === 'line')],
  ['within', isOptional(isOneOf('call', 'request'))],
  ['condition', isOptional(isExpression)],
  ['watches', isListOf(isExpression, LIMITS.watches)],
  ['template', isOptional(isListOf((part) => isText(part) || isExpression(part)))],
  ['level', isOneOf('debug', 'info', 'warn', 'error')],
  ['to', isOptional(isOneOf('collector', 'process', 'both'))],
  ['expect', isOptional(isExpression)],
  ['verdict', isOptional((value) => isRecord(value) && Object.values(value).every(isIndex))],
  ['metric', isOptional(isMetric)],
  ['span', isOptional(isSpan)],
  ['path', isOptional(isPath)],
  ['lines', isOptional(isSteps)],
  ['callers', isOptional(isCallers)],
  ['attributes', isOptional(isListOf(isNamedExpression, LIMITS.spanAttributes))],
  ['context', isOptional((value) => isRecord(value) && Object.values(value).every(isText))],
  ['limits', isLimits(MAX_PROBE_LIMITS)],
  ['capture', isLimits(DEFAULT_CAPTURE_LIMITS)],
];

const clamp = <Limits extends object>(limits: Limits, ceilings: Limits): Limits =>
  Object.fromEntries(
    Object.entries(ceilings).map(([name, ceiling]) => [
      name,
      Math.min(limits[name as keyof Limits] as number, ceiling),
    ]),
  ) as Limits;
