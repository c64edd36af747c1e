/** Bytes of the longest key that is remembered. */
const REMEMBERED_BYTES = 31;
/** A power of two. Keys that come to the same place take it from each other. */
const PLACES = 1_024;
/** Texts up to so many bytes are put together here: to call native code for them would take longer. */
const SHORT_TEXT = 12;

interface Key {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Keys of messages. Agents have few and use them again and again, and V8 looks up each new text that becomes a key in a table
 * of its own: with texts that it knows, unpacking a batch takes two thirds of the time, and a half for one of logs.
 */
const keys: (Key | undefined)[] = Array.from({ length: PLACES });

const NOTHING = Buffer.alloc(0);
const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** The message that is being read, and how far. One is read to its end before the next is. */
let bytes: Buffer = NOTHING;
let view = viewOf(NOTHING);
let at = 0;

/** Thrown for what JSON has not, and where the bytes end too soon. */
const UNUSUAL = Symbol('unusual');

/**
 * Unpacks msgpack that has only what JSON has, which is all that agents send.
 * @returns undefined for anything else, well formed or not: it is for msgpackr to tell
 */
export function unpackPlain(message: Buffer): unknown {
  bytes = message;
  view = viewOf(message);
  at = 0;
  try {
    const value = read();
    return at === message.length ? value : undefined;
  } catch (error) {
    // Beyond the end of the view, or of the stack.
    if (error === UNUSUAL || error instanceof RangeError) return undefined;
    throw error;
  } finally {
    bytes = NOTHING;
    view = viewOf(NOTHING);
  }
}

function read(): unknown {
  const token = bytes[at++];
  if (token === undefined) throw UNUSUAL;
  if (token < 0x80) return token;
  if (token < 0x90) return readMap(token & 0x0f);
  if (token < 0xa0) return readList(token & 0x0f);
  if (token < 0xc0) return readText(token & 0x1f);
  if (token >= 0xe0) return token - 0x100;
  switch (token) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xcb:
      return view.getFloat64(pass(8));
    case 0xcc:
      return view.getUint8(pass(1));
    case 0xcd:
      return view.getUint16(pass(2));
    case 0xce:
      return view.getUint32(pass(4));
    case 0xd0:
      return view.getInt8(pass(1));
    case 0xd1:
      return view.getInt16(pass(2));
    case 0xd2:
      return view.getInt32(pass(4));
    case 0xd9:
      return readText(view.getUint8(pass(1)));
    case 0xda:
      return readText(view.getUint16(pass(2)));
    case 0xdb:
      return readText(view.getUint32(pass(4)));
    case 0xdc:
      return readList(view.getUint16(pass(2)));
    case 0xdd:
      return readList(view.getUint32(pass(4)));
    case 0xde:
      return readMap(view.getUint16(pass(2)));
    case 0xdf:
      return readMap(view.getUint32(pass(4)));
    default:
      throw UNUSUAL;
  }
}

/** @returns where the bytes began that were passed over */
function pass(length: number): number {
  const start = at;
  at += length;
  return start;
}

/** Room is made for each item when it is there: those that are announced may never come. */
function readList(length: number): unknown[] {
  const items: unknown[] = [];
  for (let index = 0; index < length; index++) items.push(read());
  return items;
}

function readMap(length: number): object {
  const map: Record<string, unknown> = {};
  for (let index = 0; index < length; index++) {
    const key = readKey();
    // To assign it would change what the map inherits from.
    if (key === '__proto__') throw UNUSUAL;
    map[key] = read();
  }
  return map;
}

function readKey(): string {
  const length = bytes[at]! - 0xa0;
  if (!(length > 0 && length <= REMEMBERED_BYTES)) return readRareKey();
  const start = at + 1;
  const place = placeOf(start, length);
  const known = keys[place];
  if (known !== undefined && isAt(start, known.bytes, length)) {
    at = start + length;
    return known.text;
  }
  at = start;
  const text = readText(length);
  keys[place] = { bytes: Uint8Array.from(bytes.subarray(start, at)), text };
  return text;
}

/** By its length, and its first, middle and last byte. */
function placeOf(start: number, length: number): number {
  const first = bytes[start]!;
  const middle = bytes[start + (length >> 1)]!;
  const last = bytes[start + length - 1]!;
  return (31 * length + 7 * first + 17 * middle + 131 * last) & (PLACES - 1);
}

function isAt(start: number, key: Uint8Array, length: number): boolean {
  if (key.length !== length) return false;
  for (let index = 0; index < length; index++) if (bytes[start + index] !== key[index]) return false;
  return true;
}

function readRareKey(): string {
  const key = read();
  if (typeof key !== 'string') throw UNUSUAL;
  return key;
}

function readText(length: number): string {
  const start = pass(length);
  if (at > bytes.length) throw UNUSUAL;
  if (length > SHORT_TEXT) return bytes.toString('utf8', start, at);
  let text = '';
  for (let index = start; index < at; index++) {
    const byte = bytes[index]!;
    if (byte >= 0x80) return bytes.toString('utf8', start, at);
    text += ASCII[byte]!;
  }
  return text;
}

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
