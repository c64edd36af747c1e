import type { z } from 'zod';
import { LAST_MOMENT, MAX_NAME, WITHOUT_CONTROLS } from '../schemas/text.js';

/** Thrown for what is not as it should be; the schema says what is wrong with it. */
export const MALFORMED = Symbol('malformed');

/**
 * Makes of what arrived what it should be, and a copy without all that is not known. Every capture passes some; they take a
 * fifth of the time that schemas take.
 * @throws MALFORMED
 */
export type Reader<Value> = (raw: unknown) => Value;

/** @param most characters, UTF-16 units */
export const text =
  (most = Infinity): Reader<string> =>
  (raw) => {
    if (typeof raw !== 'string' || raw.length > most) throw MALFORMED;
    return raw;
  };

export const anyText: Reader<string> = text();

export const matching =
  (pattern: RegExp): Reader<string> =>
  (raw) => {
    if (typeof raw !== 'string' || !pattern.test(raw)) throw MALFORMED;
    return raw;
  };

export const name: Reader<string> = (raw) => {
  if (typeof raw !== 'string' || raw.length === 0 || raw.length > MAX_NAME || !WITHOUT_CONTROLS.test(raw))
    throw MALFORMED;
  return raw;
};

export const flag: Reader<boolean> = (raw) => {
  if (typeof raw !== 'boolean') throw MALFORMED;
  return raw;
};

/** A number from 0, whole or not. */
export const measure =
  (most = Number.MAX_VALUE): Reader<number> =>
  (raw) => {
    if (typeof raw !== 'number' || !(raw >= 0 && raw <= most)) throw MALFORMED;
    return raw;
  };

/** ms since 1970. */
export const time: Reader<number> = measure(LAST_MOMENT);

/** A whole number. */
export const whole =
  (least: number): Reader<number> =>
  (raw) => {
    if (!Number.isSafeInteger(raw) || (raw as number) < least) throw MALFORMED;
    return raw as number;
  };

export const count: Reader<number> = whole(0);

export const position: Reader<number> = whole(1);

export function oneOf<Value>(values: readonly Value[]): Reader<Value> {
  const known: ReadonlySet<unknown> = new Set(values);
  return (raw) => {
    if (!known.has(raw)) throw MALFORMED;
    return raw as Value;
  };
}

export const list =
  <Value>(item: Reader<Value>, most = Infinity): Reader<Value[]> =>
  (raw) => {
    const items = asList(raw);
    if (items.length > most) throw MALFORMED;
    return items.map((each) => item(each));
  };

/** What is rare, or small enough, for its schema to read it. */
export const by =
  <Value>(schema: z.ZodType<Value>): Reader<Value> =>
  (raw) => {
    const result = schema.safeParse(raw);
    if (!result.success) throw MALFORMED;
    return result.data;
  };

type Optional<Value> = {
  [Field in keyof Value]-?: object extends Pick<Value, Field> ? Field : never;
}[keyof Value];

type ReadersOf<Value, Fields extends keyof Value> = {
  readonly [Field in Fields]-?: Reader<Required<Value>[Field]>;
};

/** Reads a record field by field, in the order in which it has them. */
export function record<Value extends object>(
  required: ReadersOf<Value, Exclude<keyof Value, Optional<Value>>>,
  optional: ReadersOf<Value, Optional<Value>>,
): Reader<Value> {
  const readers = new Map<string, Reader<unknown>>(Object.entries({ ...required, ...optional }));
  const names = Object.keys(required);
  return (raw) => {
    const fields = asRecord(raw);
    const value: Record<string, unknown> = {};
    for (const field in fields) {
      const read = readers.get(field);
      if (read !== undefined) value[field] = read(fields[field]);
    }
    for (const field of names) if (value[field] === undefined) throw MALFORMED;
    return value as Value;
  };
}

export function asRecord(raw: unknown): Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null) throw MALFORMED;
  return raw as Readonly<Record<string, unknown>>;
}

export function asList(raw: unknown): readonly unknown[] {
  if (!Array.isArray(raw)) throw MALFORMED;
  return raw;
}
