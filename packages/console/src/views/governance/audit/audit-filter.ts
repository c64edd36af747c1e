import type { AuditQuery, Chain } from '../../../api/governance.js';

/** What the address says of a filter; times as `datetime-local` has them. */
export const FIELDS = ['caller', 'operation', 'target', 'from', 'to'] as const;

export type AuditFilter = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>;

export function queryOf({ caller, operation, target, from, to }: AuditFilter, chain: Chain): AuditQuery {
  return {
    chain,
    ...(caller !== undefined && { caller }),
    ...(operation !== undefined && { operation }),
    ...(target !== undefined && { target }),
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
  };
}
