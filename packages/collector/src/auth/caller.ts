import type { PlaceId } from '../storage/contract/directory/places.js';
import type { Identity } from './identity.js';
import type { Grant, Permission } from './permissions.js';

/** Who asks, as every operation and the audit trail know it. */
export interface Caller extends Identity {
  /** What the request is about: an environment, or the directory. */
  readonly place: PlaceId;
  /**
   * Whether something is allowed.
   * @param service in this service; without it, in any
   * @param place there; by default in the place that the request is about
   */
  may(permission: Permission, service?: string, place?: PlaceId): boolean;
  /** Whether there is a grant, in a service or in any. */
  has(grant: Grant, service?: string): boolean;
}
