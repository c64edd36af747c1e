import type { Rights } from '../../../auth/binding.js';
import type { Subject } from '../../../auth/identity.js';
import type { EnvironmentId } from './places.js';

/** More rights in one environment, for a time. Times are ms since 1970. */
export interface StoredElevation extends Rights {
  readonly id: string;
  readonly subject: Subject;
  readonly environment: EnvironmentId;
  readonly reason: string;
  readonly startedAt: number;
  /** Brought forward when it is ended early. */
  readonly endsAt: number;
}

export interface ElevationStore {
  insert(elevation: StoredElevation): Promise<void>;
  /** That have not ended at a moment, ms since 1970; those that began first first. */
  active(now: number): Promise<StoredElevation[]>;
  /** The same of one subject. */
  activeOf(subject: Subject, now: number): Promise<StoredElevation[]>;
  /** @returns whether it was this call that ended it */
  end(id: string, now: number): Promise<boolean>;
}
