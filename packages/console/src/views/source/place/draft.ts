import type {
  CaptureLimits,
  HitsOf,
  LogDestination,
  LogLevel,
  ProbeEvent,
  ProbeKind,
  ProbeLimits,
  ProbeLocation,
  ProbeRequest,
  ProbeTarget,
  Within,
} from '@dormouse/protocol';
import { ASKS, type Ask, type AskField } from './asks.js';

/** A probe as it stands in the form, before it is asked for. Empty texts and numbers: as it is without them. */
export interface Draft {
  kind: ProbeKind;
  on: ProbeEvent;
  condition: string;
  /** One in a line. */
  watches: string;
  callers: number | null;
  template: string;
  level: LogLevel;
  to: LogDestination;
  expect: string;
  verdictHits: number | null;
  /** 0: none. */
  verdictMs: number;
  value: string;
  by: string;
  keys: number | null;
  name: string;
  /** `name = expression`, one in a line. */
  attributes: string;
  /** A line, of this file or of another: `47`, `desk.ts:47`. */
  until: string;
  within: Within;
  includes: readonly IncludedFunction[];
  steps: number | null;

  hits: number | null;
  hitsOf: HitsOf;
  hitsPerSecond: number | null;
  expiresInMs: number;
  /** Id of a debug session. */
  group: string;

  /** Processes; none: all. */
  instances: readonly string[];
  version: string;
  buildId: string;
  /** `name=value`, with blanks between them. */
  tags: string;
  /** The same, of requests. */
  context: string;
  /** Percent of the processes. */
  share: number | null;
  /** 0: in all at once. */
  canaryMs: number;

  capture: Partial<Record<keyof CaptureLimits, number | null>>;
}

/** A function that a path follows besides its own. */
export type IncludedFunction = Required<Pick<ProbeLocation, 'file' | 'line' | 'function'>>;

export const EMPTY: Readonly<Draft> = {
  kind: 'snapshot',
  on: 'line',
  condition: '',
  watches: '',
  callers: null,
  template: '',
  level: 'info',
  to: 'collector',
  expect: '',
  verdictHits: null,
  verdictMs: 0,
  value: '',
  by: '',
  keys: null,
  name: '',
  attributes: '',
  until: '',
  within: 'call',
  includes: [],
  steps: null,
  hits: null,
  hitsOf: 'all',
  hitsPerSecond: null,
  expiresInMs: 3_600_000,
  group: '',
  instances: [],
  version: '',
  buildId: '',
  tags: '',
  context: '',
  share: null,
  canaryMs: 0,
  capture: {},
};

export interface DraftPlace {
  readonly service: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly function: string;
}

const ALL = ASKS.flat();

export const askOf = (kind: ProbeKind): Ask => ALL.find((ask) => ask.kind === kind) ?? ALL[0]!;

/** What the collector is asked for: of the draft only what its kind has. */
export function requestOf(draft: Draft, place: DraftPlace): ProbeRequest {
  const { kind, fields } = askOf(draft.kind);
  const given = fields.map((field) => OF_REQUEST[field](draft, place));
  const target = targetOf(draft);
  const capture = numbersOf(draft.capture);
  return {
    kind,
    service: place.service,
    location: isOfLine(draft)
      ? { file: place.file, line: place.line, column: place.column }
      : { file: place.file, line: place.line, function: place.function },
    ...(Object.assign({}, ...given) as Partial<ProbeRequest>),
    limits: limitsOf(draft),
    ...(Object.keys(target).length > 0 && { target }),
    ...(Object.keys(capture).length > 0 && { capture }),
    ...text('group', draft.group),
  };
}

/** Whether it waits at the line itself, and not for calls of the function around it. */
export function isOfLine(draft: Draft): boolean {
  const { kind, fields, isOfCalls } = askOf(draft.kind);
  if (kind === 'span') return draft.until.trim() !== '';
  return isOfCalls !== true && (!fields.includes('on') || draft.on === 'line');
}

/** What each field is in a request. */
const OF_REQUEST: Readonly<Record<AskField, (draft: Draft, place: DraftPlace) => Partial<ProbeRequest>>> = {
  on: ({ on }) => (on === 'line' ? {} : { on }),
  condition: ({ condition }) => text('condition', condition),
  watches: ({ watches }) => list('watches', linesOf(watches)),
  callers: ({ callers }) => number('callers', callers),
  template: ({ template }) => text('template', template),
  level: ({ level }) => ({ level }),
  to: ({ to }) => (to === EMPTY.to ? {} : { to }),
  expect: ({ expect }) => text('expect', expect),
  verdict: ({ verdictHits, verdictMs }) =>
    verdictHits === null && verdictMs === 0
      ? {}
      : { verdict: { ...number('afterHits', verdictHits), ...(verdictMs > 0 && { afterMs: verdictMs }) } },
  value: ({ value }) => text('value', value),
  by: ({ by }) => text('by', by),
  keys: ({ keys, by }) => (by.trim() === '' ? {} : number('keys', keys)),
  name: ({ name }) => text('name', name),
  attributes: ({ attributes }) => pairs('attributes', linesOf(attributes)),
  until: ({ until }, { file }) => (until.trim() === '' ? {} : { until: lineNamed(until.trim(), file) }),
  within: ({ within }) => (within === EMPTY.within ? {} : { within }),
  includes: ({ includes }) => list('includes', includes),
  steps: ({ steps }) => number('steps', steps),
  hits: ({ hitsOf }) => (hitsOf === EMPTY.hitsOf ? {} : { hitsOf }),
};

function limitsOf(draft: Draft): Partial<ProbeLimits> {
  const { expiresInMs, hits, hitsPerSecond } = draft;
  if (!askOf(draft.kind).fields.includes('hits')) return { expiresInMs };
  return { expiresInMs, ...number('hits', hits), ...number('hitsPerSecond', hitsPerSecond) };
}

function targetOf({ instances, version, buildId, tags, context, share, canaryMs }: Draft): ProbeTarget {
  return {
    ...list('instances', instances),
    ...text('version', version),
    ...text('buildId', buildId),
    ...pairs('tags', wordsOf(tags)),
    ...pairs('context', wordsOf(context)),
    ...(share !== null && { share: share / 100 }),
    ...(canaryMs > 0 && { canary: { quietMs: canaryMs } }),
  };
}

/** `47`, `desk.ts:47`, or else the whole text of a line. */
function lineNamed(named: string, file: string): ProbeLocation {
  const [, other = file, line] = /^(?:(.+):)?(\d+)$/.exec(named) ?? [];
  return line === undefined ? { file, text: named } : { file: other, line: Number(line) };
}

const text = <Name extends string>(name: Name, value: string): Partial<Record<Name, string>> =>
  value.trim() === '' ? {} : one(name, value.trim());

const number = <Name extends string>(name: Name, value: number | null): Partial<Record<Name, number>> =>
  value === null ? {} : one(name, value);

const list = <Name extends string, Item>(
  name: Name,
  items: readonly Item[],
): Partial<Record<Name, readonly Item[]>> => (items.length === 0 ? {} : one(name, items));

/** @param texts `name = value` */
function pairs<Name extends string>(
  name: Name,
  texts: readonly string[],
): Partial<Record<Name, Readonly<Record<string, string>>>> {
  const split = texts.map((each) => each.split(/\s*=\s*(.*)/s, 2) as [string, string?]);
  const named = Object.fromEntries(split.map(([key, value = '']) => [key, value]));
  return texts.length === 0 ? {} : one(name, named);
}

const one = <Name extends string, Value>(name: Name, value: Value): Record<Name, Value> =>
  ({ [name]: value }) as Record<Name, Value>;

const numbersOf = (limits: Draft['capture']): Partial<CaptureLimits> =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null && value !== undefined));

const linesOf = (many: string): string[] =>
  many
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const wordsOf = (many: string): string[] => many.split(/\s+/).filter((word) => word !== '');
