import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Packr } from 'msgpackr/pack';
import { expect, test } from 'vitest';
import { decode } from '../src/agents/codec.ts';
import { unpackPlain } from '../src/agents/unpack.ts';

const CASES = { numRuns: Number(process.env['DORMOUSE_CASES'] ?? 500) };

/** As agents pack, and as the collector unpacks what is not plain. */
const packr = new Packr({ useRecords: false, int64AsType: 'number' });
const pack = (value: unknown): Buffer => Buffer.from(packr.pack(value));

/** Names that collide, and some that have a meaning of their own. */
const key = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('abc', 'acc', 'type', 'toString', 'constructor', ''),
);
const text = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 20 }));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    text,
    fc.double(),
    fc.integer(),
    fc.nat(70_000),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 40 }),
    fc.dictionary(
      key.filter((name) => name !== '__proto__'),
      tie('value'),
      { maxKeys: 40, noNullPrototype: true },
    ),
  ),
}));

test('what JSON has is unpacked as msgpackr unpacks it', () => {
  const property = fc.property(value, (given) => {
    const bytes = pack(given);
    return isDeepStrictEqual(unpackPlain(bytes), packr.unpack(bytes));
  });
  fc.assert(property, CASES);
});

test('so are damaged bytes, or they are left to msgpackr', () => {
  const damaged = fc
    .tuple(value, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(3))
    .map(([given, changes, missing]) => {
      const bytes = pack({ given });
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes.subarray(0, bytes.length - missing);
    });
  const anything = fc.uint8Array().map((bytes) => Buffer.from(bytes));
  const property = fc.property(fc.oneof(damaged, anything), (bytes) => {
    const plain = unpackPlain(bytes);
    return plain === undefined || isDeepStrictEqual(plain, packr.unpack(bytes));
  });
  fc.assert(property, CASES);
});

test.each([
  ['undefined', pack({ a: undefined })],
  ['a date', pack([new Date(0)])],
  ['bytes', pack(Buffer.of(1))],
  ['a long number', pack(2n ** 60n)],
  ['a key that is no text', pack(new Map([[1, 2]]))],
  [
    'a key that would be no property',
    Buffer.concat([Buffer.of(0x81, 0xa9), Buffer.from('__proto__'), Buffer.of(0x80)]),
  ],
  ['fewer items than announced', Buffer.of(0xdd, 0xff, 0xff, 0xff, 0xff, 1)],
  ['more than a message', Buffer.of(1, 2)],
  ['nothing', Buffer.of()],
  ['what is nested too deeply', Buffer.alloc(1_000_000, 0x91)],
])('leaves %s to msgpackr', (_what, bytes) => {
  expect(unpackPlain(bytes)).toBeUndefined();
  expect(outcome(() => decode(bytes))).toStrictEqual(outcome(() => packr.unpack(bytes)));
});

test('a message is forgotten once it is read: what comes of it stays as it is', () => {
  const bytes = pack({ short: 'text', long: 'x'.repeat(50) });
  const unpacked = unpackPlain(bytes);
  bytes.fill(0);
  expect(unpacked).toStrictEqual({ short: 'text', long: 'x'.repeat(50) });
  expect(unpackPlain(pack({ short: 1 }))).toStrictEqual({ short: 1 });
});

function outcome(of: () => unknown): unknown {
  try {
    return { value: of() };
  } catch (error) {
    return { failed: (error as Error).message };
  }
}
