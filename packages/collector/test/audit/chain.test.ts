import { createHash, generateKeyPairSync } from 'node:crypto';
import { AUDIT_BEGINNING, type AuditFault, type AuditHead, type AuditRecord } from '@dormouse/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../src/audit/canonical.ts';
import { hashOfRecord, headAfter, seal, unseal } from '../../src/audit/chain.ts';
import { isSigned, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { verifyChain, type Claim, type Found } from '../../src/audit/verify.ts';
import { sampleEntry } from './support/trail.ts';

const { privateKey: key } = generateKeyPairSync('ed25519');

function makeChain(length: number, chain = 'c1'): { records: AuditRecord[]; head: AuditHead } {
  const records: AuditRecord[] = [];
  let head: AuditHead = { chain, sequence: 0, hash: AUDIT_BEGINNING };
  for (let index = 0; index < length; index++) {
    const sealed = seal(head, sampleEntry({ targets: [`p${index}`] }));
    head = headAfter(head, sealed);
    records.push(unseal(sealed));
  }
  return { records, head };
}

async function* each(found: readonly Found[]): AsyncGenerator<Found> {
  yield* found;
}

const verify = (found: readonly Found[], claim: Claim) => verifyChain(each(found), claim);

/** As somebody would who knows how hashes are made. */
const rehashed = (record: AuditRecord): AuditRecord => ({ ...record, hash: hashOfRecord(record) });

describe('canonical JSON', () => {
  test('is as RFC 8785 writes its example', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonical(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('is one text for one value, whatever the order of its members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(text))).toBe(text);
      }),
    );
    expect(canonical({ b: 1, a: undefined, '\u{1f600}': 2, '\ufb33': 3 })).toBe(
      '{"b":1,"\u{1f600}":2,"\ufb33":3}',
    );
  });

  test('has no half of a surrogate pair, which others could not read', () => {
    expect(canonical({ 'a\ud800': 'b\udc00' })).toBe('{"a\ufffd":"b\ufffd"}');
  });
});

test('a hash can be computed from the description alone', () => {
  const { records } = makeChain(2);
  const { hash, ...rest } = records[1]!;
  expect(createHash('sha256').update(canonical(rest)).digest('hex')).toBe(hash);
  expect(rest.previous).toBe(records[0]!.hash);
});

describe('an intact chain', () => {
  test.each([0, 1, 5])('of %i records is followed to its end', async (length) => {
    const { records, head } = makeChain(length);
    expect(await verify(records, { head })).toEqual({ intact: true, records: length, head });
  });

  test('may begin behind a checkpoint', async () => {
    const { records, head } = makeChain(5);
    const { sequence, hash } = records[2]!;
    const checkpoint = signCheckpoint({ chain: 'c1', sequence, hash }, 9, key);
    expect(isSigned(checkpoint)).toBe(true);
    const claim = { head, checkpoint };
    expect(await verify(records.slice(3), claim)).toMatchObject({ intact: true, records: 2, checkpoint });
    expect(await verify(records.slice(4), claim)).toMatchObject({
      broken: { sequence: 4, fault: 'missing' },
    });
    for (const changed of [
      { sequence: 2 },
      { hash: AUDIT_BEGINNING },
      { at: 8 },
      { signature: 'x' },
      { key: 'x' },
    ]) {
      const verdict = await verify(records.slice(3), { head, checkpoint: { ...checkpoint, ...changed } });
      expect(verdict.broken?.fault).toBe('changed');
    }
    const foreign = signCheckpoint({ chain: 'c2', sequence, hash }, 9, key);
    expect((await verify(records.slice(3), { head, checkpoint: foreign })).broken?.fault).toBe('foreign');
  });

  test('agrees with heads that were kept elsewhere', async () => {
    const { records, head } = makeChain(5);
    for (const anchor of records)
      expect(await verify(records, { head, anchor })).toMatchObject({ intact: true });
  });
});

describe('a broken chain', () => {
  const { records, head } = makeChain(6);
  const [r1, r2, r3, r4, r5, r6] = records as [
    AuditRecord,
    AuditRecord,
    AuditRecord,
    AuditRecord,
    AuditRecord,
    AuditRecord,
  ];
  const foreign = makeChain(6, 'c2').records;

  test.each<[string, Found[], number, AuditFault]>([
    ['a record is changed', [r1, r2, { ...r3, outcome: 'refused' }, r4, r5, r6], 3, 'changed'],
    ['a record has another hash', [r1, { ...r2, hash: r3.hash }, r3, r4, r5, r6], 2, 'changed'],
    [
      'a record is changed, and its hash with it',
      [r1, r2, rehashed({ ...r3, at: 1 }), r4, r5, r6],
      4,
      'changed',
    ],
    [
      'the last is changed, and its hash with it',
      [r1, r2, r3, r4, r5, rehashed({ ...r6, at: 1 })],
      6,
      'changed',
    ],
    ['the first says that others came before', [rehashed({ ...r1, previous: r2.hash }), r2], 1, 'changed'],
    ['the first is missing', [r2, r3, r4, r5, r6], 1, 'missing'],
    ['some are missing', [r1, r2, r5, r6], 3, 'missing'],
    ['two have changed places', [r1, r3, r2, r4, r5, r6], 2, 'reordered'],
    ['one stands at the end', [r1, r2, r4, r5, r6, r3], 3, 'reordered'],
    ['one stands there twice', [r1, r2, r2, r3, r4, r5, r6], 3, 'reordered'],
    ['the last is missing', [r1, r2, r3, r4, r5], 6, 'truncated'],
    ['all are missing', [], 1, 'truncated'],
    ['one is of another chain', [r1, r2, foreign[2]!, r4, r5, r6], 3, 'foreign'],
    ['one cannot be read', [r1, { flaw: { fault: 'unreadable', message: '…' } }, r3], 2, 'unreadable'],
  ])('%s', async (_what, found, sequence, fault) => {
    const verdict = await verify(found, { head });
    expect(verdict).toMatchObject({ intact: false, broken: { sequence, fault } });
    expect(verdict.records).toBe(sequence - 1 + (sequence === 6 && fault === 'changed' ? 1 : 0));
  });

  test('the head was set back', async () => {
    const claim = { head: { chain: 'c1', sequence: 5, hash: r5.hash } };
    expect(await verify(records, claim)).toMatchObject({ broken: { sequence: 6, fault: 'truncated' } });
  });

  test('an anchor finds what was written anew from some record on, and what was cut off with the head', async () => {
    const anew = makeChain(6);
    expect(await verify(anew.records, { head: anew.head })).toMatchObject({ intact: true });
    expect(await verify(anew.records, { head: anew.head, anchor: r4 })).toMatchObject({
      broken: { sequence: 4, fault: 'changed' },
    });
    const cut = { chain: 'c1', sequence: 3, hash: r3.hash };
    expect(await verify([r1, r2, r3], { head: cut, anchor: r4 })).toMatchObject({
      broken: { sequence: 4, fault: 'truncated' },
    });
  });

  test('whatever one byte of it says instead', () => {
    const lines = records.map((record) => JSON.stringify(record));
    return fc.assert(
      fc.asyncProperty(fc.nat(5), fc.nat(), fc.integer({ min: 32, max: 126 }), async (line, at, code) => {
        const text = lines[line]!;
        const place = at % text.length;
        const changed = text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1);
        fc.pre(changed !== text);
        let found: Found;
        try {
          found = JSON.parse(changed) as AuditRecord;
          fc.pre(canonical(found) !== canonical(records[line]));
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          return;
        }
        const verdict = await verify(records.with(line, found as AuditRecord), { head });
        expect(verdict).toMatchObject({ intact: false, broken: { sequence: line + 1 } });
      }),
    );
  });
});
