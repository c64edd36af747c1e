import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { AuditExportHeader, AuditRecord, AuditVerification } from '@dormouse/protocol';
import { verifyChain, type Claim, type Found } from './verify.js';

/** A file that is no exported trail, or one of a version that is not known here. */
export class NoTrail extends Error {
  override readonly name = 'NoTrail';
}

/**
 * Follows the chain of an exported file; no collector is asked.
 * @param anchor a head that was kept elsewhere
 * @throws {NoTrail} and what reading it throws
 */
export async function verifyFile(path: string, anchor?: Claim['anchor']): Promise<AuditVerification> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  const texts = lines[Symbol.asyncIterator]();
  const { value: first } = (await texts.next()) as IteratorResult<string, undefined>;
  const { head, checkpoint } = readHeader(path, first ?? '');
  const claim = {
    head,
    ...(checkpoint !== undefined && { checkpoint }),
    ...(anchor !== undefined && { anchor }),
  };
  return verifyChain(records(texts), claim);
}

function readHeader(path: string, line: string): AuditExportHeader {
  const header = parse(line) as Partial<AuditExportHeader> | null | undefined;
  const { chain, sequence, hash } = header?.head ?? {};
  if (
    header?.audit !== 1 ||
    typeof chain !== 'string' ||
    typeof hash !== 'string' ||
    !Number.isInteger(sequence)
  )
    throw new NoTrail(`${path} is no exported audit trail that this version can read.`);
  return header as AuditExportHeader;
}

async function* records(lines: AsyncIterator<string>): AsyncGenerator<Found> {
  for (let line = 1; ; line++) {
    const { value, done } = await lines.next();
    if (done === true) return;
    const record = parse(value) as Partial<AuditRecord> | null | undefined;
    if (Number.isInteger(record?.sequence) && typeof record?.hash === 'string') yield record as AuditRecord;
    else yield { flaw: { fault: 'unreadable', message: `Line ${line + 1} of the file is no record.` } };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
