import { z } from 'zod';
import type {
  AuditCheckpoint,
  AuditHead,
  AuditPage,
  AuditRecord,
  AuditValue,
  AuditVerification,
} from '@dormouse/protocol';
import { count, time } from './text.js';

/** The audit trail, see `audit.ts` of the protocol. */

const hash = z.string().regex(/^[0-9a-f]{64}$/u, 'must be 64 hexadecimal digits');
const value: z.ZodType<AuditValue> = z.record(z.string(), z.any());

/** A record's place, as a parameter. */
export const sequence = z.coerce.number().int().min(0);

/** `SEQUENCE:HASH`: a head that was kept elsewhere. */
export const anchor = z
  .string()
  .regex(/^\d{1,15}:[0-9a-f]{64}$/u, 'must be SEQUENCE:HASH')
  .transform((text) => {
    const [place = '', of = ''] = text.split(':');
    return { sequence: Number(place), hash: of };
  });

export const auditRecord: z.ZodType<AuditRecord> = z
  .object({
    chain: z.string().meta({ description: 'Which chain it is of: one for each organisation.' }),
    sequence: count.meta({ description: 'From 1, without a gap.' }),
    at: time,
    caller: z.object({
      kind: z.string().meta({
        description:
          'What proved who it was: `token`, `user`, `agent`; `system`: the collector; `nobody`: nothing.',
      }),
      id: z.string(),
      name: z.string(),
      address: z.string().exactOptional(),
    }),
    door: z.enum(['http', 'mcp', 'cli', 'console', 'agent', 'collector']),
    operation: z
      .string()
      .meta({ description: 'An operation of this API, or what happened: `agent.joined`.' }),
    environment: z.string().exactOptional(),
    targets: z.array(z.string()).meta({ description: 'Ids and names of what it was done to.' }),
    request: value
      .meta({ description: 'What was asked for, without secrets and captured values.' })
      .exactOptional(),
    outcome: z.enum(['ok', 'refused', 'failed', 'unknown', 'begun']),
    code: z.string().meta({ description: 'Of what was refused.' }).exactOptional(),
    details: value.exactOptional(),
    requestId: z.string().exactOptional(),
    previous: hash.meta({ description: 'The hash of the record before it.' }),
    hash: hash.meta({ description: 'SHA-256 of all the rest as canonical JSON (RFC 8785).' }),
  })
  .meta({ id: 'AuditRecord', description: 'One link of the audit trail.' });

export const auditPage: z.ZodType<AuditPage> = z.object({
  records: z.array(auditRecord),
  next: z.string().exactOptional(),
});

const head = z
  .object({ chain: z.string(), sequence: count, hash })
  .meta({ id: 'AuditHead', description: 'The last record of a chain.' }) satisfies z.ZodType<AuditHead>;

export const auditCheckpoint: z.ZodType<AuditCheckpoint> = head
  .extend({
    at: time,
    key: z.string().meta({ description: 'Ed25519, SubjectPublicKeyInfo in base64.' }),
    signature: z.string().meta({ description: 'Of all the rest as canonical JSON, base64.' }),
  })
  .meta({ id: 'AuditCheckpoint', description: 'Stands for the records up to one, which were dropped.' });

export const auditHead = z.object({
  head,
  checkpoint: auditCheckpoint.exactOptional(),
});

export const auditVerification: z.ZodType<AuditVerification> = z
  .object({
    intact: z.boolean(),
    records: count.meta({ description: 'Those that are as they were written, from the first on.' }),
    head,
    checkpoint: auditCheckpoint.exactOptional(),
    broken: z
      .object({
        sequence: count,
        fault: z.enum(['changed', 'missing', 'reordered', 'truncated', 'foreign', 'unreadable']),
        message: z.string(),
      })
      .meta({ description: 'The first that is not as it must be.' })
      .exactOptional(),
  })
  .meta({ id: 'AuditVerification' });

/** The last record that a file has. */
export const auditDrop = z
  .strictObject({ sequence: z.int().min(1), hash })
  .meta({ id: 'AuditDropRequest', description: 'The last record to drop, as it is known elsewhere.' });
