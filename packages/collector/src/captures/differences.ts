import type {
  CapturedPath,
  CapturedProperty,
  CapturedValue,
  CaptureDifference,
  CaptureView,
  Omission,
  ValueGist,
} from '@dormouse/protocol';
import { describe } from './describe.js';
import { rootsOf } from './value-path.js';

/** UTF-16 units of a value. */
const GIST = 200;

/** No captured value is deeper, but for those that refer to each other. */
const DEEPEST = 50;

export interface Differences {
  readonly differences: readonly CaptureDifference[];
  readonly same: number;
}

/**
 * What differs between two captures: of their variables, watches, callers, attributes, of a call's end, and where their stacks
 * or recorded steps part. What one of them does not show is unknown, and never the same. Times, ids and counts are not compared.
 */
export function differencesBetween(from: CaptureView, to: CaptureView): Differences {
  const comparing = new Comparing(partsOf(from), partsOf(to));
  comparing.parts();
  comparing.sequence('stack', stackOf(from), stackOf(to));
  comparing.sequence('path.steps', stepsOf(from.path), stepsOf(to.path));
  return comparing;
}

/** A part of a capture with its path; `missing` says why there may be more than is shown. */
type Parts = readonly CapturedProperty[];

function partsOf(capture: CaptureView): Parts {
  const { message, watches = [], lastLine, callers = [], context, attributes, span } = capture;
  const texts = (prefix: string, named: Readonly<Record<string, string | number | boolean>> = {}): Parts =>
    Object.entries(named).map(([name, value]) => ({
      key: memberPath(prefix, name),
      value: { type: typeof value, value } as CapturedValue,
    }));
  return [
    ...(message === undefined
      ? []
      : [{ key: 'message', value: { type: 'string', value: message } as const }]),
    ...rootsOf(capture),
    ...watches.flatMap(({ source, value }) =>
      value === undefined ? [] : [{ key: memberPath('watches', source), value }],
    ),
    ...(lastLine?.locals ?? []).map(({ key, value }) => ({ key: memberPath('lastLine', key), value })),
    ...callers.flatMap(({ locals }, index) =>
      locals.map(({ key, value }) => ({ key: memberPath(`callers[${index}]`, key), value })),
    ),
    ...texts('context', context),
    ...texts('attributes', attributes ?? span?.attributes),
    ...(span === undefined ? [] : texts('span', { name: span.name, status: span.status })),
  ];
}

const stackOf = ({ stack = [] }: CaptureView): Sequence => ({
  steps: stack.map(({ function: name, file, line }) => `${name} (${file}:${line})`),
});

function stepsOf(path: CapturedPath | undefined): Sequence {
  if (path === undefined) return { steps: [] };
  return {
    steps: path.steps.map(({ call, line, arm }) => {
      const fn = path.functions[path.calls[call]?.function ?? -1];
      return `${fn?.name ?? '?'}:${line}${arm === undefined ? '' : ` ${arm}`}`;
    }),
    ...(path.omitted !== undefined && { knownBefore: path.omitted.before }),
  };
}

/** Steps in their order, as texts. */
interface Sequence {
  readonly steps: readonly string[];
  /** From this one on some are left out. */
  readonly knownBefore?: number;
}

/** One of the two sides of a place. */
interface Side {
  readonly value?: CapturedValue;
  /** Why it may be there although it is not shown. */
  readonly hidden?: string | undefined;
}

class Comparing implements Differences {
  readonly differences: CaptureDifference[] = [];
  same = 0;
  readonly #from: Identities;
  readonly #to: Identities;
  readonly #parts: readonly [Parts, Parts];

  constructor(from: Parts, to: Parts) {
    this.#from = new Identities(from);
    this.#to = new Identities(to);
    this.#parts = [from, to];
  }

  parts(): void {
    const [from, to] = this.#parts;
    this.#members('', from, undefined, to, undefined, 0);
  }

  /** Where two orders of steps part, for the first time: what comes after it tells nothing more. */
  sequence(path: string, from: Sequence, to: Sequence): void {
    const length = Math.max(from.steps.length, to.steps.length);
    const known = Math.min(length, from.knownBefore ?? Infinity, to.knownBefore ?? Infinity);
    for (let index = 0; index < known; index++) {
      const [one, other] = [from.steps[index], to.steps[index]];
      if (one === other) {
        this.same++;
        continue;
      }
      const side = (text: string | undefined): Side =>
        text === undefined ? {} : { value: { type: 'string', value: text } };
      return this.#differs(`${path}[${index}]`, side(one), side(other));
    }
    if (known < length) this.#unknown(`${path}[${known}]`, {}, {}, 'steps were left out from here on');
  }

  #compare(path: string, from: Side, to: Side, depth: number): void {
    if (from.value === undefined || to.value === undefined) return this.#differs(path, from, to);
    if (from.value.type === 'reference' && to.value.type === 'reference') {
      const isSame = this.#from.pathOf(from.value.id) === this.#to.pathOf(to.value.id);
      return isSame ? void this.same++ : this.#differs(path, from, to);
    }
    const one = this.#from.resolve(from.value);
    const other = this.#to.resolve(to.value);
    const hidden = whyHidden(one) ?? whyHidden(other);
    if (hidden !== undefined) return this.#unknown(path, from, to, hidden);
    if (one.type !== other.type) return this.#differs(path, from, to);
    if (depth > DEEPEST) return this.#unknown(path, from, to, 'it is too deep');
    if (classOf(one) !== classOf(other)) this.#differs(path, from, to);
    this.#insides(path, one, other, depth + 1);
  }

  /** Both are of one type. */
  #insides(path: string, one: CapturedValue, other: CapturedValue, depth: number): void {
    const inside = insideOf(one);
    if (inside === undefined) return this.#leaf(path, one, other);
    const [before, after] = [inside, insideOf(other)!];
    this.#members(path, before.members, before.omitted, after.members, after.omitted, depth);
    const omitted = before.omitted ?? after.omitted;
    if (omitted !== undefined) {
      this.#unknown(
        path,
        { value: one },
        { value: other },
        `it has more that was not captured (${omitted.reason})`,
      );
    }
  }

  #members(
    path: string,
    from: Parts,
    omittedFrom: Omission | undefined,
    to: Parts,
    omittedTo: Omission | undefined,
    depth: number,
  ): void {
    const before = new Map(from.map(({ key, value }) => [key, value]));
    const after = new Map(to.map(({ key, value }) => [key, value]));
    const sideOf = (value: CapturedValue | undefined, omitted: Omission | undefined): Side =>
      value === undefined ? { hidden: omitted && `not captured (${omitted.reason})` } : { value };
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const member = path === '' ? key : memberPath(path, key);
      this.#compare(member, sideOf(before.get(key), omittedFrom), sideOf(after.get(key), omittedTo), depth);
    }
  }

  #leaf(path: string, one: CapturedValue, other: CapturedValue): void {
    if (!looksSame(one, other)) return this.#differs(path, { value: one }, { value: other });
    const why = whyPartial(one) ?? whyPartial(other);
    if (why === undefined) this.same++;
    else this.#unknown(path, { value: one }, { value: other }, why);
  }

  #differs(path: string, from: Side, to: Side): void {
    const hidden = from.value === undefined ? from.hidden : to.value === undefined ? to.hidden : undefined;
    if (hidden !== undefined) return this.#unknown(path, from, to, hidden);
    const kind = from.value === undefined ? 'added' : to.value === undefined ? 'removed' : 'changed';
    this.differences.push({ path, kind, ...gists(from, to) });
  }

  #unknown(path: string, from: Side, to: Side, why: string): void {
    this.differences.push({ path, kind: 'unknown', ...gists(from, to), why });
  }
}

/** Which object of a capture each reference means. */
class Identities {
  readonly #known = new Map<number, { readonly path: string; readonly value: CapturedValue }>();

  constructor(parts: Parts) {
    for (const { key, value } of parts) this.#note(key, value, 0);
  }

  pathOf(id: number): string | undefined {
    return this.#known.get(id)?.path;
  }

  resolve(value: CapturedValue): CapturedValue {
    return value.type === 'reference' ? (this.#known.get(value.id)?.value ?? value) : value;
  }

  #note(path: string, value: CapturedValue, depth: number): void {
    if (depth > DEEPEST) return;
    if (value.type !== 'reference' && 'id' in value && value.id !== undefined) {
      this.#known.set(value.id, { path, value });
    }
    for (const { key, value: member } of insideOf(value)?.members ?? []) {
      this.#note(memberPath(path, key), member, depth + 1);
    }
  }
}

interface Inside {
  readonly members: Parts;
  readonly omitted?: Omission | undefined;
}

/** What a value has inside; nothing of one that has no inside. */
function insideOf(value: CapturedValue): Inside | undefined {
  switch (value.type) {
    case 'object':
      return { members: value.properties, omitted: value.omitted };
    case 'error':
      return {
        members: [
          { key: 'message', value: { type: 'string', value: value.message } },
          ...(value.cause === undefined ? [] : [{ key: 'cause', value: value.cause }]),
          ...value.properties,
        ],
        omitted: value.omitted,
      };
    case 'array':
      return {
        members: [
          { key: 'length', value: { type: 'number', value: value.length } },
          ...value.items.map((item, index) => ({ key: String(index), value: item })),
        ],
        omitted: value.omitted,
      };
    case 'set':
      return {
        members: value.items.map((item, index) => ({ key: keyOf(item, index), value: item })),
        omitted: value.omitted,
      };
    case 'map':
      return {
        members: value.entries.map(([key, item], index) => ({ key: keyOf(key, index), value: item })),
        omitted: value.omitted,
      };
    default:
      return undefined;
  }
}

/** What a Map or a Set knows an item by: itself, or its place where it is an object. */
function keyOf(value: CapturedValue, index: number): string {
  if (value.type === 'string') return value.value;
  return insideOf(value) === undefined && value.type !== 'reference' ? describe(value, GIST) : String(index);
}

function classOf(value: CapturedValue): unknown {
  return 'class' in value ? value.class : undefined;
}

/** Whether two values of one type, which have nothing inside, look the same as far as both are shown. */
function looksSame(one: CapturedValue, other: CapturedValue): boolean {
  if (one.type !== 'string' || other.type !== 'string') return leafText(one) === leafText(other);
  if (lengthOf(one) !== lengthOf(other)) return false;
  const shown = Math.min(one.value.length, other.value.length);
  return one.value.slice(0, shown) === other.value.slice(0, shown);
}

const lengthOf = ({ value, length = value.length }: CapturedValue & { readonly type: 'string' }): number =>
  length;

function leafText(value: CapturedValue): string {
  const { omitted: _omitted, id: _id, ...rest } = value as CapturedValue & Record<string, unknown>;
  return JSON.stringify(rest);
}

function whyHidden(value: CapturedValue): string | undefined {
  if (value.type === 'redacted') return `redacted (${value.rule})`;
  if (value.type === 'omitted') return `not captured (${value.omitted.reason})`;
  return value.type === 'reference' ? 'it is an object that is shown elsewhere' : undefined;
}

/** What is equal as far as it is shown may differ where it is not. */
function whyPartial(value: CapturedValue): string | undefined {
  if ('omitted' in value && value.omitted !== undefined)
    return `not captured whole (${value.omitted.reason})`;
  if (value.type === 'string' && value.value.includes('[redacted:')) return 'a part of it is redacted';
  return OPAQUE.has(value.type) ? `what a ${value.type} holds is never looked at` : undefined;
}

const OPAQUE: ReadonlySet<CapturedValue['type']> = new Set([
  'proxy',
  'promise',
  'weakmap',
  'weakset',
  'weakref',
  'accessor',
]);

const gists = (from: Side, to: Side): { from?: ValueGist; to?: ValueGist } => ({
  ...(from.value !== undefined && { from: gistOf(from.value) }),
  ...(to.value !== undefined && { to: gistOf(to.value) }),
});

const gistOf = (value: CapturedValue): ValueGist => ({ type: value.type, text: describe(value, GIST) });

/** `order.id`, `items[0]`, `headers["x-id"]`. */
function memberPath(path: string, key: string): string {
  if (/^\d+$/.test(key)) return `${path}[${key}]`;
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
