import {
  MAX_CAPTURE_LIMITS,
  OMISSION_REASONS,
  type CapturedProperty,
  type CapturedValue,
  type Omission,
  type OmissionReason,
} from '@dormouse/protocol';
import type { Hiding } from './hide.js';

/** Thrown for what is no captured value; the schema says what is wrong with it. */
export const MALFORMED = Symbol('malformed');

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
    if (typeof raw !== 'object' || raw === null) throw MALFORMED;
    if (depth > DEEPEST) throw TOO_DEEP;
    const value = raw as Raw;
    switch (value.type) {
      case 'undefined':
      case 'null':
        return isListed ? { type: value.type } : this.#hiding.unlisted();
      case 'proxy':
      case 'promise':
      case 'weakmap':
      case 'weakset':
      case 'weakref':
      case 'accessor':
        return { type: value.type };
      case 'boolean':
        if (typeof value.value !== 'boolean') throw MALFORMED;
        return isListed ? { type: 'boolean', value: value.value } : this.#hiding.unlisted();
      case 'number':
        return isListed ? this.#number(value.value) : this.#hiding.unlisted();
      case 'string':
        return isListed ? this.#string(value) : this.#hiding.unlisted();
      case 'bigint':
      case 'symbol':
      case 'regexp':
        if (!isListed) return this.#hiding.unlisted();
        return this.#hiding.textValue({ type: value.type, value: textOf(value.value) });
      case 'date':
        return isListed ? { type: 'date', value: textOf(value.value) } : this.#hiding.unlisted();
      case 'function':
        if (typeof value.class !== 'boolean') throw MALFORMED;
        return { type: 'function', name: textOf(value.name), class: value.class };
      case 'object':
        return {
          type: 'object',
          ...identityOf(value),
          class: value.class === null ? null : textOf(value.class),
          properties: this.properties(value.properties, depth + 1),
        };
      case 'array':
        return {
          type: 'array',
          ...identityOf(value),
          class: textOf(value.class),
          length: countOf(value.length),
          items: this.#items(value.items, isListed, depth + 1),
        };
      case 'set':
        return {
          type: 'set',
          ...identityOf(value),
          class: textOf(value.class),
          size: countOf(value.size),
          items: this.#items(value.items, isListed, depth + 1),
        };
      case 'map':
        return {
          type: 'map',
          ...identityOf(value),
          class: textOf(value.class),
          size: countOf(value.size),
          entries: this.#entries(value.entries, isListed, depth + 1),
        };
      case 'error':
        return this.#error(value, isListed, depth + 1);
      case 'binary':
        return isListed ? binaryOf(value) : this.#hiding.unlisted();
      case 'reference':
        return { type: 'reference', id: countOf(value.id) };
      case 'redacted':
        return { type: 'redacted', rule: textOf(value.rule) };
      case 'omitted':
        return { type: 'omitted', omitted: omissionOf(value.omitted) };
      default:
        throw MALFORMED;
    }
  }

  /** Variables, or properties of an object. @throws MALFORMED, TOO_DEEP */
  properties(raw: unknown, depth = 0): CapturedProperty[] {
    return listOf(raw).map((each) => {
      const { key, value } = recordOf(each);
      const name = textOf(key);
      const { rules } = this.#hiding;
      const isSecret =
        rules.isRedacted(nameIn(name)) || (name === 'value' && isNamedSecret(raw as readonly Raw[], rules));
      const isListed = !this.#hasIncludeList || rules.isShown(name);
      const read = isSecret
        ? this.#hiding.named(recordOf(value) as CapturedValue)
        : this.value(value, isListed, depth);
      return { key: this.#hiding.key(name), value: read };
    });
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
    return listOf(raw).map((item) => {
      const read = isAfterSecretName
        ? this.#hiding.named(recordOf(item) as CapturedValue)
        : this.value(item, isListed, depth);
      // Names and values in turn, as the process hides them.
      isAfterSecretName = read.type === 'string' && rules.isRedacted(read.value);
      return read;
    });
  }

  #entries(raw: unknown, isListed: boolean, depth: number): [CapturedValue, CapturedValue][] {
    const { rules } = this.#hiding;
    return listOf(raw).map((entry) => {
      if (!Array.isArray(entry) || entry.length !== 2) throw MALFORMED;
      const name = nameOfKey(entry[0]);
      const isKeyListed = name === undefined || !this.#hasIncludeList ? isListed : rules.isShown(name);
      const key = this.value(entry[0], isKeyListed, depth);
      const isSecret = name !== undefined && rules.isRedacted(name);
      return [
        key,
        isSecret
          ? this.#hiding.named(recordOf(entry[1]) as CapturedValue)
          : this.value(entry[1], isKeyListed, depth),
      ];
    });
  }

  #error(raw: Raw, isListed: boolean, depth: number): CapturedValue {
    const isShown = isListed || this.#hiding.rules.isShown('message');
    const message = textOf(raw.message);
    const stack = raw.stack === undefined ? undefined : textOf(raw.stack);
    return {
      type: 'error',
      ...identityOf(raw),
      class: textOf(raw.class),
      message: isShown ? this.#hiding.text(message) : `[redacted:include-list]`,
      ...(stack !== undefined && isShown && { stack: this.#hiding.text(stack) }),
      ...(raw.cause !== undefined && { cause: this.value(raw.cause, isListed, depth) }),
      properties: this.properties(raw.properties, depth),
    };
  }
}

/** Anything that claims to be a value. */
type Raw = { readonly type?: CapturedValue['type'] } & { readonly [Name in Field]?: unknown };

type Field =
  | ('value' | 'length' | 'omitted' | 'name' | 'class' | 'id' | 'properties' | 'items' | 'size')
  | ('entries' | 'message' | 'stack' | 'cause' | 'byteLength' | 'rule' | 'key' | 'reason' | 'count');

function recordOf(raw: unknown): Raw {
  if (typeof raw !== 'object' || raw === null) throw MALFORMED;
  return raw as Raw;
}

function listOf(raw: unknown): readonly unknown[] {
  if (!Array.isArray(raw)) throw MALFORMED;
  return raw;
}

function textOf(raw: unknown): string {
  if (typeof raw !== 'string') throw MALFORMED;
  return raw;
}

function countOf(raw: unknown): number {
  if (!Number.isSafeInteger(raw) || (raw as number) < 0) throw MALFORMED;
  return raw as number;
}

function identityOf({ id, omitted }: Raw): { id?: number; omitted?: Omission } {
  if (id === undefined && omitted === undefined) return NO_IDENTITY;
  return {
    ...(id !== undefined && { id: countOf(id) }),
    ...(omitted !== undefined && { omitted: omissionOf(omitted) }),
  };
}

const NO_IDENTITY = {};

const REASONS: ReadonlySet<unknown> = new Set(OMISSION_REASONS);

function omissionOf(raw: unknown): Omission {
  const { reason, count } = recordOf(raw);
  if (!REASONS.has(reason)) throw MALFORMED;
  return { reason: reason as OmissionReason, ...(count !== undefined && { count: countOf(count) }) };
}

function binaryOf(raw: Raw): CapturedValue {
  return {
    type: 'binary',
    ...identityOf(raw),
    class: textOf(raw.class),
    byteLength: countOf(raw.byteLength),
    items: listOf(raw.items).map((item) => {
      if (typeof item !== 'string' && !Number.isFinite(item)) throw MALFORMED;
      return item as number | string;
    }),
  };
}

/** A symbol's description is its name. */
const nameIn = (key: string): string =>
  key.startsWith('Symbol(') && key.endsWith(')') ? key.slice('Symbol('.length, -1) : key;

function nameOfKey(raw: unknown): string | undefined {
  const { type, value } = recordOf(raw);
  return type === 'string' && typeof value === 'string' ? value : undefined;
}

/** `{ name: 'password', value: … }` and `{ key: 'password', value: … }`. */
function isNamedSecret(properties: readonly Raw[], rules: Hiding['rules']): boolean {
  return properties.some(({ key, value }) => {
    if (key !== 'name' && key !== 'key') return false;
    const name = nameOfKey(value);
    return name !== undefined && rules.isRedacted(name);
  });
}
