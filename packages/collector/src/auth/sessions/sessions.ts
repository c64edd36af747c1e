import { randomBytes, randomUUID } from 'node:crypto';
import type { SessionStore, StoredSession } from '../../storage/contract/directory/sessions.js';
import type { Subject } from '../identity.js';
import { hashToken } from '../token.js';

/** A session that nobody uses ends after that, ms: NIST SP 800-63B-4, 2.2.3. An open console uses its session. */
export const IDLE_MS = 3_600_000;
/** And however much it is used, after that, ms: same place. */
export const ABSOLUTE_MS = 24 * 3_600_000;
/** That a session was used is written down so often, ms. */
const USED_EVERY_MS = 60_000;
const SECRET_BYTES = 32;
/** UTF-16 units of what a browser says of itself that are kept. */
const BROWSER_LENGTH = 200;

/** Where and how somebody signs in. */
export interface SignIn {
  readonly subject: Subject;
  readonly by: StoredSession['by'];
  readonly address: string;
  /** The header `user-agent`. */
  readonly browser: string | undefined;
}

export interface BegunSession {
  readonly session: StoredSession;
  /** What the browser shows from now on. It is nowhere else: the store has its hash. */
  readonly secret: string;
}

/**
 * Who is signed in with which browser. A session always has a secret of its own, made when somebody signs in: one that a
 * browser was given before is worth nothing afterwards.
 */
export class Sessions {
  readonly #store: SessionStore;

  constructor(store: SessionStore) {
    this.#store = store;
  }

  async begin({ subject, by, address, browser = '' }: SignIn, now = Date.now()): Promise<BegunSession> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const session: StoredSession = {
      id: randomUUID(),
      subject,
      by,
      createdAt: now,
      usedAt: now,
      endsAt: now + ABSOLUTE_MS,
      address,
      browser: browser.slice(0, BROWSER_LENGTH),
    };
    await this.#store.deleteOld(now, now - IDLE_MS);
    await this.#store.insert(session, hashToken(secret));
    return { session, secret };
  }

  /** The session that a secret is of, if it lasts; it counts as used. */
  async find(secret: string, now = Date.now()): Promise<StoredSession | undefined> {
    const session = await this.#store.withHash(hashToken(secret));
    if (session === undefined || !lasts(session, now)) return undefined;
    if (now - session.usedAt > USED_EVERY_MS) await this.#store.used(session.id, now);
    return session;
  }

  async of(subject: Subject, now = Date.now()): Promise<StoredSession[]> {
    return (await this.#store.of(subject)).filter((session) => lasts(session, now));
  }

  /** Ends a session of a subject. @returns whether it has such a one */
  async end(subject: Subject, id: string): Promise<boolean> {
    const isTheirs = (await this.#store.of(subject)).some((session) => session.id === id);
    return isTheirs && this.#store.end(id);
  }

  /** @param but a session that goes on */
  endAllOf(subject: Subject, but?: string): Promise<void> {
    return this.#store.endAllOf(subject, but);
  }
}

const lasts = ({ usedAt, endsAt }: StoredSession, now: number): boolean =>
  now < endsAt && now < usedAt + IDLE_MS;
