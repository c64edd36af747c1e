import {
  MAX_CAPTURE_LIMITS,
  OMISSION_REASONS,
  type CapturedProperty,
  type CapturedValue,
  type Omission,
  type OmissionReason,
} from '@dormouse/protocol';
import type { Hiding } from './hide.js';
import {
  anyText as textOf,
  asList,
  asRecord,
  count as countOf,
  flag as flagOf,
  MALFORMED,
} from './readers.js';

/** Thrown for what is nested more deeply than anything that a process captures. */
export const TOO_DEEP = Symbol('too deep');

/** Nothing that a process may capture is deeper: a level of an object, of a Map's key in it, of a cause. */
const DEEPEST = 4 * MAX_CAPTURE_LIMITS.depth;

/**
 * Reads captured values as they arrive, in one walk: checks what the schema checks, copies what it knows, and hides what is
 * to be hidden. Every value of every capture passes it; with the schema alone it would take three times as long.
 */
export class ValueReader {
  readonly #hiding: Hiding;
  readonly #hasIncludeList: boolean;

  constructor(hiding: Hiding) {
    this.#hiding = hiding;
    this.#hasIncludeList = hiding.rules.hasIncludeList;
  }

  /**
   * @param isListed whether a list of what may be shown has its name; without such a list everything counts as listed
   * @throws MALFORMED, TOO_DEEP
   */
  value(raw: unknown, isListed = true, depth = 0): CapturedValue {
    const value = rawOf(raw);
    if (depth > DEEPEST) throw TOO_DEEP;
    // The frequent ones first.
    switch (value.type) {
      case 'string':
        return isListed ? this.#string(value) : this.#hiding.unlisted();
      case 'number':
        return isListed ? this.#number(value.value) : this.#hiding.unlisted();
      case 'object':
        return identified(value, {
          type: 'object',
          class: value.class === null ? null : textOf(value.class),
          properties: this.properties(value.properties, depth + 1),
        });
      case 'array':
        return identified(value, {
          type: 'array',
          class: textOf(value.class),
          length: countOf(value.length),
          items: this.#items(value.items, isListed, depth + 1),
        });
      case 'boolean':
        return isListed ? { type: 'boolean', value: flagOf(value.value) } : this.#hiding.unlisted();
      case 'undefined':
      case 'null':
        return isListed ? { type: value.type } : this.#hiding.unlisted();
      case 'function':
        return { type: 'function', name: textOf(value.name), class: flagOf(value.class) };
      case 'reference':
        return { type: 'reference', id: countOf(value.id) };
      case 'omitted':
        return { type: 'omitted', omitted: omissionOf(value.omitted) };
      case 'redacted':
        return redactedOf(value);
      case 'date':
        return isListed ? { type: 'date', value: textOf(value.value) } : this.#hiding.unlisted();
      case 'bigint':
      case 'symbol':
      case 'regexp':
        if (!isListed) return this.#hiding.unlisted();
        return this.#hiding.textValue({ type: value.type, value: textOf(value.value) });
      case 'map':
        return identified(value, {
          type: 'map',
          class: textOf(value.class),
          size: countOf(value.size),
          entries: this.#entries(value.entries, isListed, depth + 1),
        });
      case 'set':
        return identified(value, {
          type: 'set',
          class: textOf(value.class),
          size: countOf(value.size),
          items: this.#items(value.items, isListed, depth + 1),
        });
      case 'error':
        return this.#error(value, isListed, depth + 1);
      case 'binary':
        return isListed ? binaryOf(value) : this.#hiding.unlisted();
      case 'proxy':
      case 'promise':
      case 'weakmap':
      case 'weakset':
      case 'weakref':
      case 'accessor':
        return { type: value.type };
      default:
        throw MALFORMED;
    }
  }

  /** Variables, or properties of an object. @throws MALFORMED, TOO_DEEP */
  properties(raw: unknown, depth = 0): CapturedProperty[] {
    const { rules } = this.#hiding;
    const properties = asList(raw);
    return properties.map((each) => {
      const { key, value } = rawOf(each);
      const name = textOf(key);
      const isSecret =
        rules.isRedacted(nameIn(name)) || (name === 'value' && isNamedSecret(properties, rules));
      const isListed = !this.#hasIncludeList || rules.isShown(name);
      const read = isSecret ? this.#secret(value) : this.value(value, isListed, depth);
      return { key: this.#hiding.key(name), value: read };
    });
  }

  /** What has a secret's name, and may say already that it is hidden. */
  #secret(raw: unknown): CapturedValue {
    const value = rawOf(raw);
    return value.type === 'redacted' ? redactedOf(value) : this.#hiding.named();
  }

  #number(value: unknown): CapturedValue {
    if (typeof value === 'number' && Number.isFinite(value)) return this.#hiding.number(value);
    if (value === 'NaN' || value === 'Infinity' || value === '-Infinity' || value === '-0') {
      return { type: 'number', value };
    }
    throw MALFORMED;
  }

  #string(raw: Raw): CapturedValue {
    const value = textOf(raw.value);
    if (raw.length === undefined && raw.omitted === undefined) {
      return this.#hiding.textValue({ type: 'string', value });
    }
    return this.#hiding.textValue({
      type: 'string',
      value,
      ...(raw.length !== undefined && { length: countOf(raw.length) }),
      ...(raw.omitted !== undefined && { omitted: omissionOf(raw.omitted) }),
    });
  }

  #items(raw: unknown, isListed: boolean, depth: number): CapturedValue[] {
    const { rules } = this.#hiding;
    let isAfterSecretName = false;
    return asList(raw).map((item) => {
      const read = isAfterSecretName ? this.#secret(item) : this.value(item, isListed, depth);
      // Names and values in turn, as the process hides them.
      isAfterSecretName = read.type === 'string' && rules.isRedacted(read.value);
      return read;
    });
  }

  #entries(raw: unknown, isListed: boolean, depth: number): [CapturedValue, CapturedValue][] {
    const { rules } = this.#hiding;
    return asList(raw).map((entry) => {
      if (!Array.isArray(entry) || entry.length !== 2) throw MALFORMED;
      const name = nameOfKey(entry[0]);
      const isKeyListed = name === undefined || !this.#hasIncludeList ? isListed : rules.isShown(name);
      const key = this.value(entry[0], isKeyListed, depth);
      const isSecret = name !== undefined && rules.isRedacted(name);
      return [key, isSecret ? this.#secret(entry[1]) : this.value(entry[1], isKeyListed, depth)];
    });
  }

  #error(raw: Raw, isListed: boolean, depth: number): CapturedValue {
    const isShown = isListed || this.#hiding.rules.isShown('message');
    const message = textOf(raw.message);
    const stack = raw.stack === undefined ? undefined : textOf(raw.stack);
    return identified(raw, {
      type: 'error',
      class: textOf(raw.class),
      message: isShown ? this.#hiding.text(message) : `[redacted:include-list]`,
      ...(stack !== undefined && isShown && { stack: this.#hiding.text(stack) }),
      ...(raw.cause !== undefined && { cause: this.value(raw.cause, isListed, depth) }),
      properties: this.properties(raw.properties, depth),
    });
  }
}

/** Anything that claims to be a value. */
type Raw = { readonly type?: CapturedValue['type'] } & { readonly [Name in Field]?: unknown };

type Field =
  | ('value' | 'length' | 'omitted' | 'name' | 'class' | 'id' | 'properties' | 'items' | 'size')
  | ('entries' | 'message' | 'stack' | 'cause' | 'byteLength' | 'rule' | 'key' | 'reason' | 'count');

const rawOf = (raw: unknown): Raw => asRecord(raw) as Raw;

/** With its id where something refers to it, and with what is missing of it. */
function identified<Value extends object>({ id, omitted }: Raw, value: Value): Value & Identity {
  if (id === undefined && omitted === undefined) return value;
  return {
    ...value,
    ...(id !== undefined && { id: countOf(id) }),
    ...(omitted !== undefined && { omitted: omissionOf(omitted) }),
  };
}

interface Identity {
  readonly id?: number;
  readonly omitted?: Omission;
}

const REASONS: ReadonlySet<unknown> = new Set(OMISSION_REASONS);

function omissionOf(raw: unknown): Omission {
  const { reason, count } = rawOf(raw);
  if (!REASONS.has(reason)) throw MALFORMED;
  return { reason: reason as OmissionReason, ...(count !== undefined && { count: countOf(count) }) };
}

const redactedOf = ({ rule }: Raw): CapturedValue => ({ type: 'redacted', rule: textOf(rule) });

const binaryOf = (raw: Raw): CapturedValue =>
  identified(raw, {
    type: 'binary',
    class: textOf(raw.class),
    byteLength: countOf(raw.byteLength),
    items: asList(raw.items).map((item) => {
      if (typeof item !== 'string' && !Number.isFinite(item)) throw MALFORMED;
      return item as number | string;
    }),
  });

/** A symbol's description is its name. */
const nameIn = (key: string): string =>
  key.startsWith('Symbol(') && key.endsWith(')') ? key.slice('Symbol('.length, -1) : key;

function nameOfKey(raw: unknown): string | undefined {
  const { type, value } = rawOf(raw);
  return type === 'string' && typeof value === 'string' ? value : undefined;
}

/** `{ name: 'password', value: … }` and `{ key: 'password', value: … }`. */
function isNamedSecret(properties: readonly unknown[], rules: Hiding['rules']): boolean {
  return properties.some((each) => {
    const { key, value } = rawOf(each);
    if (key !== 'name' && key !== 'key') return false;
    const name = nameOfKey(value);
    return name !== undefined && rules.isRedacted(name);
  });
}
