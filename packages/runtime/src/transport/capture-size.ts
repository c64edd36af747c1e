import type { Capture } from '@dormouse/protocol';

/**
 * Bytes of a capture when it is encoded, estimated by a walk that is cheaper than encoding: captures
 * are encoded later, off the hit path. Exact for ASCII text, and close for the rest.
 */
export const captureSize = (capture: Capture): number => sizeOf(capture);

const NUMBER_BYTES = 9;
const CONTAINER_BYTES = 3;
const STRING_HEADER_BYTES = 2;

/** A capture is a tree of plain data, no deeper than its limits. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + STRING_HEADER_BYTES;
  if (typeof value !== 'object' || value === null) return NUMBER_BYTES;
  let size = CONTAINER_BYTES;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) size += sizeOf(value[index]);
    return size;
  }
  const keys = Object.keys(value);
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string;
    size += STRING_HEADER_BYTES + key.length + sizeOf((value as Record<string, unknown>)[key]);
  }
  return size;
}
