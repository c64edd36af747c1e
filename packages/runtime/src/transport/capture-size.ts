import type { Capture } from '@dormouse/protocol';
import { isArray, keys } from '../intrinsics.js';

/**
 * Bytes of a capture when it is encoded, estimated by a walk that is cheaper than encoding: captures
 * are encoded later, off the hit path. Exact for ASCII text, and close for the rest; stacks, which are not read
 * yet, count as one of usual length.
 */
export const captureSize = (capture: Capture): number =>
  sizeOf(capture) + (capture.stack === undefined ? 0 : STACK_BYTES);

const STACK_BYTES = 2_048;

const { byteLength } = Buffer;

const NUMBER_BYTES = 9;
const CONTAINER_BYTES = 3;
const STRING_HEADER_BYTES = 2;

/** A capture is a tree of plain data, no deeper than its limits. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return byteLength(value) + STRING_HEADER_BYTES;
  if (typeof value !== 'object' || value === null) return NUMBER_BYTES;
  let size = CONTAINER_BYTES;
  if (isArray(value)) {
    for (let index = 0; index < value.length; index++) size += sizeOf(value[index]);
    return size;
  }
  const names = keys(value);
  for (let index = 0; index < names.length; index++) {
    const key = names[index] as string;
    size += STRING_HEADER_BYTES + key.length + sizeOf((value as Record<string, unknown>)[key]);
  }
  return size;
}
