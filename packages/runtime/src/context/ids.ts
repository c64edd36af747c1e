import { randomUUID } from 'node:crypto';
import { slice } from '../intrinsics.js';

/** Digits of a UUID: 8-4-4-4-12. All but the 13th and the 17th are random. */
export function newTraceId(): string {
  const id = randomUUID();
  return slice(id, 0, 8) + slice(id, 9, 13) + slice(id, 14, 18) + slice(id, 19, 23) + slice(id, 24);
}

export function newSpanId(): string {
  const id = randomUUID();
  return slice(id, 24) + slice(id, 0, 4);
}
