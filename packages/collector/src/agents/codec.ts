import type { CollectorMessage } from '@dormouse/protocol';
import { Packr } from 'msgpackr';

/** Plain msgpack, without msgpackr's records: any implementation can speak it, and nothing is shared between messages. */
const packr = new Packr({ useRecords: false, int64AsType: 'number' });

export function encode(message: CollectorMessage): Buffer {
  return packr.pack(message);
}

/** @throws when the bytes are not msgpack. */
export function decode(bytes: Buffer): unknown {
  return packr.unpack(bytes);
}
