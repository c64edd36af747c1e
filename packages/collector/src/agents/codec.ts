import { gunzipSync } from 'node:zlib';
import { LIMITS, type CollectorMessage } from '@dormouse/protocol';
import { Packr } from 'msgpackr/pack';
import { unpackPlain } from './unpack.js';

/** Plain msgpack, without msgpackr's records: any implementation can speak it, and nothing is shared between messages. */
const packr = new Packr({ useRecords: false, int64AsType: 'number' });

/** Agents compress what is worth it. No message begins with gzip's first byte: every one is a map. */
const GZIP = 0x1f;

export function encode(message: CollectorMessage): Buffer {
  return packr.pack(message);
}

/** @throws when the bytes are not msgpack, or more than a message may have once they are unpacked. */
export function decode(bytes: Buffer): unknown {
  const message = bytes[0] === GZIP ? gunzipSync(bytes, { maxOutputLength: LIMITS.messageBytes }) : bytes;
  return unpackPlain(message) ?? packr.unpack(message);
}
