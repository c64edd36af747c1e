import { z } from 'zod';
import { anchor, auditVerification } from '../../schemas/audit.js';
import { chain, wholeChain } from './chain.js';
import { defineOperation } from '../operation.js';

export const verifyAudit = defineOperation({
  name: 'verifyAudit',
  summary: 'Verify the audit trail',
  description:
    'Follows the chain of hashes from its beginning to its end as it is stored, and says the first record that is changed, missing, in the wrong place, cut off or of another chain.',
  tag: 'audit',
  method: 'GET',
  path: '/audit/verification',
  permission: 'audit:read',
  query: z.strictObject({
    chain,
    anchor: anchor
      .meta({ description: 'A head that was kept elsewhere, `SEQUENCE:HASH`: the chain must have it.' })
      .exactOptional(),
  }),
  output: auditVerification,
  outputDescription: 'Whether it is intact, or where it is not.',
  errors: [],
  run: (core, { query }, caller) =>
    core.audit.verify(wholeChain(core, caller, query.chain, 'audit:read'), query.anchor),
});
