import type { LogLevel, ProbeEvent, ProbeKind, ProbeRequest } from '@dormouse/protocol';
import { ASKS, type Ask, type AskField } from './asks.js';

/** A probe as it stands in the form, before it is asked for. */
export interface Draft {
  readonly kind: ProbeKind;
  readonly on: ProbeEvent;
  readonly condition: string;
  /** One in a line. */
  readonly watches: string;
  readonly callers: number;
  readonly template: string;
  readonly level: LogLevel;
  readonly expect: string;
  readonly value: string;
  readonly by: string;
  readonly name: string;
  /** `name = expression`, one in a line. */
  readonly attributes: string;
  /** Empty: as many as the kind has without. */
  readonly hits: number | null;
  readonly expiresInMs: number;
  /** An instance, or all. */
  readonly instance: string;
}

export const EMPTY: Draft = {
  kind: 'snapshot',
  on: 'line',
  condition: '',
  watches: '',
  callers: 0,
  template: '',
  level: 'info',
  expect: '',
  value: '',
  by: '',
  name: '',
  attributes: '',
  hits: null,
  expiresInMs: 3_600_000,
  instance: '',
};

export interface DraftPlace {
  readonly service: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly function: string;
}

export const askOf = (kind: ProbeKind): Ask => ASKS.find((ask) => ask.kind === kind) ?? ASKS[0]!;

/** What the collector is asked for: of the draft only what its kind has. */
export function requestOf(draft: Draft, place: DraftPlace): ProbeRequest {
  const { kind, fields, isOfCalls = false } = askOf(draft.kind);
  const on = fields.includes('on') ? draft.on : 'line';
  const isOfLine = on === 'line' && !isOfCalls;
  const given = Object.fromEntries(
    fields.filter((field) => field !== 'on').flatMap((field) => valueOf(draft, field)),
  ) as Partial<ProbeRequest>;
  return {
    kind,
    service: place.service,
    location: isOfLine
      ? { file: place.file, line: place.line, column: place.column }
      : { file: place.file, line: place.line, function: place.function },
    ...(on !== 'line' && { on }),
    ...given,
    limits: { expiresInMs: draft.expiresInMs, ...(draft.hits !== null && { hits: draft.hits }) },
    ...(draft.instance !== '' && { target: { instance: draft.instance } }),
  };
}

/** A field as the request has it; nothing where nothing was said. */
function valueOf(draft: Draft, field: Exclude<AskField, 'on'>): readonly (readonly [string, unknown])[] {
  switch (field) {
    case 'watches': {
      const watches = linesOf(draft.watches);
      return watches.length === 0 ? [] : [[field, watches]];
    }
    case 'attributes': {
      const pairs = linesOf(draft.attributes).map((line) => line.split(/\s*=\s*(.*)/s, 2));
      return pairs.length === 0 ? [] : [[field, Object.fromEntries(pairs)]];
    }
    case 'callers':
      return draft.callers === 0 ? [] : [[field, draft.callers]];
    default: {
      const text = draft[field].trim();
      return text === '' ? [] : [[field, text]];
    }
  }
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
