import type { PlaceId } from '../storage/contract/directory/places.js';
import type { Grant, Role } from './permissions.js';

/** What somebody may do in a place and in all below it. */
export interface Binding extends Rights {
  readonly place: PlaceId;
  /** Patterns of services, `*` for any text; of none: of all. */
  readonly services: readonly string[];
  /** What may be asked for, for a time and with a reason. */
  readonly elevation?: Rights;
  /** It is an elevation itself: who may do what is not to be changed by it. */
  readonly isTemporary?: true;
}

export interface Rights {
  readonly role: Role;
  readonly grants: readonly Grant[];
}
