import { z } from 'zod';
import {
  OMISSION_REASONS,
  type CapturedProperty,
  type CapturedValue,
  type Omission,
} from '@dormouse/protocol';
import { count } from './text.js';

/** A value inside a capture, see `value.ts` of the protocol. */
export const capturedValue: z.ZodType<CapturedValue> = z
  .lazy(() => anyValue)
  .meta({ id: 'CapturedValue', description: 'A capped, redacted picture of a live value.' });

export const capturedProperty: z.ZodType<CapturedProperty> = z.object({
  key: z.string(),
  value: capturedValue,
});

/** How deep a schema looks. */
export interface ValueSchemas {
  readonly value: z.ZodType<CapturedValue>;
  readonly property: z.ZodType<CapturedProperty>;
}

export const WHOLE_VALUES: ValueSchemas = { value: capturedValue, property: capturedProperty };

/** Values are for somebody else to look at. */
export const ANY_VALUES: ValueSchemas = {
  value: z.custom<CapturedValue>(),
  property: z.custom<CapturedProperty>(),
};

const omission: z.ZodType<Omission> = z
  .object({
    reason: z.enum(OMISSION_REASONS),
    count: count.exactOptional(),
  })
  .meta({ id: 'Omission', description: 'Why something was left out, and how much of it.' });

const identity = { id: count.exactOptional(), omitted: omission.exactOptional() };
const className = z.string();
const specialNumber = z.enum(['NaN', 'Infinity', '-Infinity', '-0']);

const anyValue = z.discriminatedUnion('type', [
  z.object({ type: z.literal(['undefined', 'null']) }),
  z.object({ type: z.literal('boolean'), value: z.boolean() }),
  z.object({ type: z.literal('number'), value: z.union([z.number(), specialNumber]) }),
  z.object({ type: z.literal(['bigint', 'symbol', 'regexp']), value: z.string() }),
  z.object({
    type: z.literal('string'),
    value: z.string(),
    length: count.exactOptional(),
    omitted: omission.exactOptional(),
  }),
  z.object({ type: z.literal('date'), value: z.string() }),
  z.object({ type: z.literal('function'), name: z.string(), class: z.boolean() }),
  z.object({
    type: z.literal('object'),
    ...identity,
    class: className.nullable(),
    properties: z.array(capturedProperty),
  }),
  z.object({
    type: z.literal('array'),
    ...identity,
    class: className,
    length: count,
    items: z.array(capturedValue),
  }),
  z.object({
    type: z.literal('map'),
    ...identity,
    class: className,
    size: count,
    entries: z.array(z.tuple([capturedValue, capturedValue])),
  }),
  z.object({
    type: z.literal('set'),
    ...identity,
    class: className,
    size: count,
    items: z.array(capturedValue),
  }),
  z.object({
    type: z.literal('error'),
    ...identity,
    class: className,
    message: z.string(),
    stack: z.string().exactOptional(),
    cause: capturedValue.exactOptional(),
    properties: z.array(capturedProperty),
  }),
  z.object({
    type: z.literal('binary'),
    ...identity,
    class: className,
    byteLength: count,
    items: z.array(z.union([z.number(), z.string()])),
  }),
  z.object({ type: z.literal(['proxy', 'promise', 'weakmap', 'weakset', 'weakref']) }),
  z.object({ type: z.literal('accessor') }),
  z.object({ type: z.literal('reference'), id: count }),
  z.object({ type: z.literal('redacted'), rule: z.string() }),
  z.object({ type: z.literal('omitted'), omitted: omission }),
]);
