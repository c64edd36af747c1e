import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads protobuf by the `.proto` files that define it, and accepts nothing that is not in them: no unknown field, no
 * wire type but the field's own, nothing left over, no second value in a `oneof`.
 */

interface Field {
  readonly name: string;
  readonly type: string;
  readonly repeated: boolean;
  readonly oneof?: string;
}

type Message = ReadonlyMap<number, Field>;

/** A message as JSON has it; 64-bit numbers are bigints, bytes are hexadecimal, enums are names. */
export type Decoded = { readonly [field: string]: unknown };

export class Schema {
  readonly #messages = new Map<string, Message>();
  readonly #enums = new Map<string, ReadonlyMap<number, string>>();

  /** @param folder with `.proto` files; names are looked up without their package */
  constructor(folder: string) {
    for (const file of readdirSync(folder)) {
      if (file.endsWith('.proto')) this.#read(readFileSync(join(folder, file), 'utf8'));
    }
  }

  /** @throws {Error} that says where it breaks the schema */
  decode(message: string, bytes: Buffer): Decoded {
    return this.#decode(message, bytes, message);
  }

  /** One statement is one line in these files, but for what a comment or an option continues. */
  #read(text: string): void {
    const blocks: { readonly kind: string; readonly name: string }[] = [];
    const source = text.replaceAll(/\/\/.*$/gm, '').replaceAll(/\/\*[^]*?\*\//g, '');
    for (const [statement] of source.matchAll(/[^;{}]+[;{}]|\}/g)) {
      const words = statement.replaceAll(/\s+/g, ' ').trim();
      const opened = /^(message|enum|oneof|service|rpc) (\w+).*\{$/.exec(words);
      if (opened !== null) blocks.push({ kind: opened[1]!, name: opened[2]! });
      else if (words.endsWith('}')) blocks.pop();
      else this.#readStatement(words, blocks);
    }
  }

  #readStatement(words: string, blocks: readonly { readonly kind: string; readonly name: string }[]): void {
    const inner = blocks.at(-1);
    const message = blocks.findLast(({ kind }) => kind === 'message')?.name;
    if (inner?.kind === 'enum') {
      const value = /^(\w+) = (\d+)/.exec(words);
      if (value === null) return;
      const values = new Map(this.#enums.get(inner.name));
      this.#enums.set(inner.name, values.set(Number(value[2]), value[1]!));
      return;
    }
    const field = /^(repeated |optional )?([\w.]+) (\w+) = (\d+)/.exec(words);
    if (message === undefined || field === null) return;
    const [, label, type, name, number] = field;
    const fields = new Map(this.#messages.get(message));
    const of = inner?.kind === 'oneof' ? { oneof: inner.name } : {};
    this.#messages.set(
      message,
      fields.set(Number(number), {
        name: name!,
        type: type!.split('.').at(-1)!,
        repeated: label === 'repeated ',
        ...of,
      }),
    );
  }

  #decode(message: string, bytes: Buffer, path: string): Decoded {
    const fields = this.#messages.get(message);
    if (fields === undefined) throw new Error(`${path}: there is no message ${message}`);
    const reader = new Reader(bytes, path);
    const decoded: Record<string, unknown> = {};
    const chosen = new Set<string>();
    while (!reader.isAtEnd) {
      const tag = Number(reader.varint());
      const field = fields.get(tag >>> 3);
      if (field === undefined) throw new Error(`${path}: ${message} has no field ${tag >>> 3}`);
      const where = `${path}.${field.name}`;
      if (field.oneof !== undefined) {
        if (chosen.has(field.oneof)) throw new Error(`${where}: a second value of ${field.oneof}`);
        chosen.add(field.oneof);
      }
      if (field.repeated) {
        const list = (decoded[field.name] ??= []) as unknown[];
        list.push(...this.#values(field, tag & 7, reader, where));
      } else {
        if (field.name in decoded) throw new Error(`${where}: a second value`);
        decoded[field.name] = this.#value(field.type, tag & 7, reader, where);
      }
    }
    return decoded;
  }

  /** Numbers of repeated fields are packed. */
  #values(field: Field, wire: number, reader: Reader, path: string): unknown[] {
    const own = this.#wireOf(field.type);
    if (wire !== 2 || own === 2) return [this.#value(field.type, wire, reader, path)];
    const packed = new Reader(reader.bytes(), path);
    const values: unknown[] = [];
    while (!packed.isAtEnd) values.push(this.#value(field.type, own, packed, path));
    return values;
  }

  #wireOf(type: string): number {
    if (/^(fixed64|sfixed64|double)$/.test(type)) return 1;
    if (/^(fixed32|sfixed32|float)$/.test(type)) return 5;
    return /^(u?int(32|64)|sint(32|64)|bool)$/.test(type) || this.#enums.has(type) ? 0 : 2;
  }

  #value(type: string, wire: number, reader: Reader, path: string): unknown {
    if (wire !== this.#wireOf(type)) throw new Error(`${path}: wire type ${wire} is not that of ${type}`);
    switch (type) {
      case 'string':
        return new TextDecoder('utf-8', { fatal: true }).decode(reader.bytes());
      case 'bytes':
        return reader.bytes().toString('hex');
      case 'bool':
        return reader.varint() === 1n;
      case 'int32':
      case 'uint32':
        return Number(BigInt.asIntN(64, reader.varint()));
      case 'sint32': {
        const zigzag = Number(reader.varint());
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
      case 'int64':
        return BigInt.asIntN(64, reader.varint());
      case 'uint64':
        return reader.varint();
      case 'fixed32':
        return reader.take(4).readUInt32LE();
      case 'fixed64':
        return reader.take(8).readBigUInt64LE();
      case 'sfixed64':
        return reader.take(8).readBigInt64LE();
      case 'double':
        return reader.take(8).readDoubleLE();
      default: {
        const names = this.#enums.get(type);
        if (names === undefined) return this.#decode(type, reader.bytes(), path);
        const number = Number(reader.varint());
        if (!names.has(number)) throw new Error(`${path}: ${type} has no value ${number}`);
        return names.get(number);
      }
    }
  }
}

class Reader {
  readonly #bytes: Buffer;
  readonly #path: string;
  #at = 0;

  constructor(bytes: Buffer, path: string) {
    this.#bytes = bytes;
    this.#path = path;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new Error(`${this.#path}: ends too early`);
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.take(1)[0]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error(`${this.#path}: a varint of more than ten bytes`);
  }

  bytes(): Buffer {
    return this.take(Number(this.varint()));
  }
}
