import type { Audit } from './audit/audit.js';
import type { People } from './auth/people.js';
import type { Environments } from './environments/environments.js';
import type { Places } from './places/places.js';
import type { Directory } from './storage/contract/directory/directory.js';

/** What operations on the directory work on. */
export interface Site {
  readonly directory: Directory;
  readonly places: Places;
  readonly environments: Environments;
  readonly people: People;
  readonly audit: Audit;
}
