import { z } from 'zod';
import { auditCheckpoint, auditDrop } from '../../schemas/audit.js';
import { chain, wholeChain } from './chain.js';
import { defineOperation } from '../operation.js';

export const dropAudit = defineOperation({
  name: 'dropAudit',
  summary: 'Drop old records of the audit trail',
  description:
    'Drops all records up to one that is kept elsewhere, and puts a signed checkpoint in their place, behind which the chain stays verifiable. Refused where that record has another hash than it is said to have.',
  tag: 'audit',
  method: 'POST',
  path: '/audit/checkpoints',
  permission: 'audit:write',
  query: z.strictObject({ chain }),
  body: auditDrop,
  output: auditCheckpoint,
  outputDescription: 'The checkpoint.',
  status: 201,
  errors: ['NOT_FOUND', 'CONFLICT'],
  run: (core, { query, body }, caller) =>
    core.audit.drop(wholeChain(core, caller, query.chain, 'audit:write'), body),
});
