import type { Backup } from './backup.js';
import type { Directory } from './directory/directory.js';
import type { EnvironmentId } from './directory/places.js';
import type { Storage } from './storage.js';

/** Everything that is remembered: of each environment for itself, and which environments there are for whom. */
export interface Storages {
  readonly directory: Directory;
  /** What is remembered of one environment, known or not. To be asked for once: it may keep its own connection. */
  environment(id: EnvironmentId): Storage;
  /** Copies everything while it is in use. Absent where the database has tools of its own for that. */
  readonly backup?: () => Promise<Backup>;
  /** Rejects when the storage does not answer. */
  ping(): Promise<void>;
  /** Nothing may be asked afterwards. */
  close(): Promise<void>;
}
