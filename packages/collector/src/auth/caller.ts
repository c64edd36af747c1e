import type { PlaceId } from '../storage/contract/directory/places.js';
import type { Identity } from './identity.js';
import type { Grant, Permission } from './permissions.js';

/** Of which services: one, each of them, or at least one that there may be. */
export type Services = { readonly service: string } | 'all' | 'any';

/** Who asks, as every operation and the audit trail know it. */
export interface Caller extends Identity {
  /** What the request is about: an environment, or everywhere for the directory. */
  readonly place: PlaceId;
  /** By way of an AI agent. */
  readonly isAgent: boolean;
  /** Whether something is allowed in the place that the request is about. @param services default: `any` */
  may(permission: Permission, services?: Services): boolean;
  /** Whether there is a grant in that place. @param services default: `any` */
  has(grant: Grant, services?: Services): boolean;
  /** Whether something is allowed in all services of another place. Who is elevated, and an AI agent, may not change there who may what. */
  mayIn(place: PlaceId, permission: Permission): boolean;
  /** Whether there is a lasting grant in all services of another place. */
  hasIn(place: PlaceId, grant: Grant): boolean;
}
