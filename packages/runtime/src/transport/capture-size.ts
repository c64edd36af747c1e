import type { Capture, CapturedProperty, CapturedValue } from '@dormouse/protocol';
import { byteLength, isArray, keys } from '../intrinsics.js';

/**
 * Bytes of a capture when it is encoded, estimated by a walk that is cheaper than encoding: captures
 * are encoded later, off the hit path. Exact for ASCII text, and close for the rest; stacks, which are not read
 * yet, count as one of usual length.
 */
export const captureSize = (capture: Capture): number =>
  sizeOf(capture) + (capture.stack === undefined ? 0 : STACK_BYTES);

const STACK_BYTES = 2_048;

const NUMBER_BYTES = 9;
const CONTAINER_BYTES = 3;
const STRING_HEADER_BYTES = 2;

/** A capture is a tree of plain data, no deeper than its limits. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return byteLength(value) + STRING_HEADER_BYTES;
  if (typeof value !== 'object' || value === null) return NUMBER_BYTES;
  if (isArray(value)) return sizeOfItems(value);
  return isCommon(value) ? sizeOfCommon(value) : sizeOfFields(value);
}

function sizeOfItems(items: readonly unknown[]): number {
  let size = CONTAINER_BYTES;
  for (let index = 0; index < items.length; index++) size += sizeOf(items[index]);
  return size;
}

function sizeOfFields(value: object): number {
  let size = CONTAINER_BYTES;
  const names = keys(value);
  for (let index = 0; index < names.length; index++) {
    const key = names[index] as string;
    size += STRING_HEADER_BYTES + key.length + sizeOf((value as Record<string, unknown>)[key]);
  }
  return size;
}

type Common = Extract<CapturedValue, { type: 'boolean' | 'number' | 'string' | 'object' }>;

/** Most values are of these types. Their fields need not be listed, which is most of the work. */
const isCommon = (value: object): value is Common => {
  const { type } = value as { readonly type?: unknown };
  return type === 'string' || type === 'number' || type === 'object' || type === 'boolean';
};

/** Of the names of the fields and what is in the others: a value, and with `omitted` what was left out. */
const VALUE_BYTES = 24;
const OMISSION_BYTES = 40;

function sizeOfCommon(value: Common): number {
  const { type } = value;
  if (type === 'number' || type === 'boolean') return VALUE_BYTES;
  let size = VALUE_BYTES + (value.omitted === undefined ? 0 : OMISSION_BYTES);
  if (type === 'string') return size + byteLength(value.value);
  size += VALUE_BYTES + (value.class?.length ?? 0);
  const { properties } = value;
  for (let index = 0; index < properties.length; index++) {
    const property = properties[index] as CapturedProperty;
    size += PROPERTY_BYTES + property.key.length + sizeOf(property.value);
  }
  return size;
}

const PROPERTY_BYTES = 14;
