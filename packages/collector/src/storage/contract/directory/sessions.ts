import type { Subject } from '../../../auth/identity.js';

/** A browser that somebody is signed in with. Times are ms since 1970. */
export interface StoredSession {
  readonly id: string;
  readonly subject: Subject;
  /** How it began. */
  readonly by: 'password' | 'link' | 'provider';
  readonly createdAt: number;
  readonly usedAt: number;
  /** At the latest. */
  readonly endsAt: number;
  /** Where it was begun from. */
  readonly address: string;
  /** What the browser says that it is. */
  readonly browser: string;
}

/** SHA-256 hashes of what browsers show, and whose they are. */
export interface SessionStore {
  insert(session: StoredSession, hash: Buffer): Promise<void>;
  /** Ended by time or not. */
  withHash(hash: Buffer): Promise<StoredSession | undefined>;
  /** Those used last first. */
  of(subject: Subject): Promise<StoredSession[]>;
  used(id: string, at: number): Promise<void>;
  /** @returns whether there was one */
  end(id: string): Promise<boolean>;
  /** @param but a session that goes on */
  endAllOf(subject: Subject, but?: string): Promise<void>;
  /** Forgets sessions that have ended by time, or were not used since a moment. */
  deleteOld(now: number, unusedSince: number): Promise<void>;
}
