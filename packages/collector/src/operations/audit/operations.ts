import { dropAudit } from './drop-audit.js';
import { getAuditHead } from './get-audit-head.js';
import { listAudit } from './list-audit.js';
import { verifyAudit } from './verify-audit.js';

/** Who did what, in the order in which the documentation shows it. */
export const AUDIT_OPERATIONS = [listAudit, getAuditHead, verifyAudit, dropAudit];
