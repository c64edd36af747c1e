import type { Permission } from './permissions.js';

/** Who asks, as every operation and the audit trail know it. */
export interface Caller {
  /** What proved it. */
  readonly kind: 'token';
  /** Stays the same for as long as the proof is good; tells nothing that is secret. */
  readonly id: string;
  /** As people know it. */
  readonly name: string;
  /** Where the request came from. */
  readonly address: string;
  may(permission: Permission): boolean;
}
