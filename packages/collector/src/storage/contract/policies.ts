import type { Policy } from '../../policy/policy.js';
import type { PolicyScope } from '../../policy/scope.js';

/** What may not be probed, is never shown, and is switched off. */
export interface PolicyStore {
  list(): Promise<Policy[]>;
  /** @returns the policy as it was stored, with its revision, which is a cursor in the order of all events */
  save(policy: Policy): Promise<Policy>;
  delete(scopes: readonly PolicyScope[]): Promise<void>;
}
