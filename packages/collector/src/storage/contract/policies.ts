import type { Policy } from '../../policy/policy.js';
import type { PolicyScope } from '../../policy/scope.js';

/** What may not be probed, is never shown, and is switched off. */
export interface PolicyStore {
  list(): Promise<Policy[]>;
  /**
   * Stores a policy in place of the one whose revision it has; 0 for none.
   * @returns the policy as it was stored, with its own revision, which is a cursor in the order of all events; nothing
   *   where another one has taken that place meanwhile
   */
  save(policy: Policy): Promise<Policy | undefined>;
  delete(scopes: readonly PolicyScope[]): Promise<void>;
}
