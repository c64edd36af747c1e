import { z } from 'zod';
import { auditHead } from '../../schemas/audit.js';
import { chain, wholeChain } from './chain.js';
import { defineOperation } from '../operation.js';

export const getAuditHead = defineOperation({
  name: 'getAuditHead',
  summary: 'Get the head of the audit trail',
  description:
    'The last record, by whose hash all before it are known: kept elsewhere, it is an anchor. And the checkpoint behind which the trail begins, if records were dropped.',
  tag: 'audit',
  method: 'GET',
  path: '/audit/head',
  permission: 'audit:read',
  query: z.strictObject({ chain }),
  output: auditHead,
  outputDescription: 'Where the trail ends, and where it begins.',
  errors: [],
  run: (core, { query }, caller) => core.audit.head(wholeChain(core, caller, query.chain, 'audit:read')),
});
