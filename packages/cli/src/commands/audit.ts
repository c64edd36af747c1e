import type { AuditHead, AuditVerification } from '@dormouse/protocol';

import { parseMoment } from '../ask/moment.js';
import { parseCount } from '../ask/quantity.js';
import type { AuditQuery } from '../client/client.js';
import { exportAudit } from '../client/export-audit.js';
import { actionNamed } from '../command/action.js';
import { defineCommand, type Invocation, type Values } from '../command/command.js';
import { EXIT, OperationFailed, UsageError, type ExitCode } from '../failure.js';
import { renderAudit, renderVerification } from '../render/audit.js';
import { count, escapeUnsafe } from '../render/text.js';

const OPTIONS = {
  collector: {
    type: 'boolean',
    summary: 'The trail of what concerns no organisation: sign-ins, starts of collectors',
  },
  caller: { type: 'string', value: 'NAME', summary: 'list: only what this one did, by name or id' },
  operation: { type: 'string', value: 'NAME', summary: 'list: only this, for example createProbe' },
  target: {
    type: 'string',
    value: 'ID',
    summary: 'list: only what was done to this probe, service, process',
  },
  environment: { type: 'string', value: 'PATH', summary: 'list: only in organisation/project/environment' },
  from: { type: 'string', value: 'TIME', summary: 'list: since then: 2026-11-21, 2026-11-21T09:00Z, 2h' },
  to: { type: 'string', value: 'TIME', summary: 'list: until then' },
  limit: { type: 'string', value: 'N', summary: 'list: at most this many; default 50' },
  after: { type: 'string', value: 'RECORD', summary: 'list: go on where an earlier list ended' },
  anchor: {
    type: 'string',
    value: 'RECORD:HASH',
    summary: 'verify: a head that was kept elsewhere, which the trail must have',
  },
  key: { type: 'string', value: 'KEY', summary: 'verify: what a checkpoint must be signed with' },
} as const;

type Asked = Pick<Invocation<typeof OPTIONS>, 'client' | 'answer' | 'note'> & {
  readonly values: Values<typeof OPTIONS>;
  readonly chain: Pick<AuditQuery, 'chain'>;
  readonly file: string | undefined;
};

/** What the first argument asks for. */
const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<ExitCode | void>>> = {
  list,
  head,
  verify,
  export: exportTrail,
  drop,
};

export const command = defineCommand({
  positionals: [
    {
      name: 'ACTION',
      values: Object.keys(ACTIONS),
      summary: 'list (default), head, verify, export or drop',
      optional: true,
    },
    { name: 'FILE', summary: 'export: a new file; verify, drop: one that was exported', optional: true },
  ],
  options: OPTIONS,
  notes: `Examples
  dormouse audit --from 2h --target p_2x8k4m9q1z    # who did what to a probe
  dormouse audit --caller 'ci token' --operation createProbe
  dormouse audit verify                             # what the collector has stored
  dormouse audit export trail-2026-11.ndjson
  dormouse audit verify trail-2026-11.ndjson        # without a collector
  dormouse audit drop trail-2026-11.ndjson          # what the file has need not be kept twice
  dormouse audit head                               # to be kept elsewhere, as an anchor

docs/audit.md says what is recorded, and what the chain of hashes proves and what it cannot. verify ends with 1 where the
trail is broken.`,
  async run({ client, values, positionals: [action = 'list', file], answer, note }) {
    const act = actionNamed(ACTIONS, action);
    const chain = values.collector === true ? ({ chain: 'collector' } as const) : {};
    return act({ client, values, chain, file, answer, note });
  },
});

async function list({ client, values, chain, answer, note }: Asked): Promise<void> {
  const { caller, operation, target, environment: of, after, limit = '50' } = values;
  const page = await client.audit({
    ...chain,
    caller,
    operation,
    target,
    of,
    after,
    from: values.from === undefined ? undefined : parseMoment('from', values.from),
    to: values.to === undefined ? undefined : parseMoment('to', values.to),
    limit: parseCount('limit', limit),
  });
  answer(page, (style) => renderAudit(page.records, style));
  if (page.records.length === 0) note('No records.');
  if (page.next !== undefined) note(`There are more: --after ${escapeUnsafe(page.next)}`);
}

async function head({ client, chain, answer }: Asked): Promise<void> {
  const ends = await client.auditEnds(chain);
  answer(ends, () => anchorOf(ends.head));
}

async function verify({ client, values, chain, file, answer }: Asked): Promise<ExitCode> {
  const found =
    file === undefined
      ? await client.verifyAudit({ ...chain, anchor: values.anchor })
      : await verifyExported(file, values.anchor);
  const verification = values.key === undefined ? found : signedWith(values.key, found);
  answer(verification, (style) => renderVerification(verification, style));
  return verification.intact ? EXIT.ok : EXIT.failure;
}

async function exportTrail({ client, chain, file, answer, note }: Asked): Promise<void> {
  const path = required(file, 'where to write it');
  const last = await exportAudit(client, chain, path);
  const verification = await verifyExported(path);
  requireIntact(path, verification);
  answer({ file: path, ...verification }, () => anchorOf(last));
  note(`${count(verification.records, 'record')} in ${escapeUnsafe(path)}. Keep the head elsewhere, too.`);
}

async function drop({ client, chain, file, answer, note }: Asked): Promise<void> {
  const path = required(file, 'the exported file with the records to drop');
  const verification = await verifyExported(path);
  requireIntact(path, verification);
  const { sequence, hash } = verification.head;
  const checkpoint = await client.dropAudit(chain, { sequence, hash });
  answer(checkpoint, () => anchorOf(checkpoint));
  note(
    `Records up to ${checkpoint.sequence} are in ${escapeUnsafe(path)} only. The checkpoint is signed with ${escapeUnsafe(checkpoint.key)}.`,
  );
}

const anchorOf = ({ sequence, hash }: AuditHead): string => `${sequence}:${escapeUnsafe(hash)}`;

async function verifyExported(path: string, anchor?: string): Promise<AuditVerification> {
  const { verifyFile } = await import('@dormouse/collector/audit');
  return verifyFile(path, anchor === undefined ? undefined : parseAnchor(anchor)).catch((error: unknown) => {
    throw new OperationFailed('NOT_READ', (error as Error).message);
  });
}

function parseAnchor(text: string): Pick<AuditHead, 'sequence' | 'hash'> {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/u.exec(text) ?? [];
  if (hash === undefined)
    throw new UsageError(`--anchor ${text} is none. It is what "dormouse audit head" printed.`);
  return { sequence: Number(sequence), hash };
}

/** The same, broken where its checkpoint is signed with another key. */
function signedWith(key: string, found: AuditVerification): AuditVerification {
  const { checkpoint } = found;
  if (!found.intact || checkpoint === undefined || checkpoint.key === key) return found;
  const message = 'The checkpoint is signed with another key.';
  return { ...found, intact: false, broken: { sequence: checkpoint.sequence, fault: 'foreign', message } };
}

function requireIntact(path: string, { broken }: AuditVerification): void {
  if (broken === undefined) return;
  throw new OperationFailed(
    'BROKEN_TRAIL',
    `The trail in ${path} is broken at record ${broken.sequence}, ${broken.fault}: ${broken.message}`,
  );
}

function required(file: string | undefined, what: string): string {
  if (file !== undefined) return file;
  throw new UsageError(`FILE is missing: ${what}.`);
}
