import { randomUUID } from 'node:crypto';
import { CollectorError, TooManyAttempts } from '../../collector-error.js';
import type { Directory } from '../../storage/contract/directory/directory.js';
import type { StoredUser } from '../../storage/contract/directory/users.js';
import type { Codes, MintedCode } from '../codes.js';
import { weaknessOf } from '../passwords/guessable.js';
import { COST, type Cost, hashPassword, isOutdated, isPassword, nobodysHash } from '../passwords/hash.js';
import type { Sessions } from '../sessions/sessions.js';
import { hashToken } from '../token.js';
import { endProofs } from './end-proofs.js';
import { noUser } from './manage.js';
import { networkOf } from './network.js';
import { SignInThrottle, type Attempt } from './throttle.js';

/** What belongs to a code by which somebody sets a password. */
interface PasswordCode {
  readonly user: string;
  /** Of what there is: once a password is set, by whichever code, or a provider knows the user, this one is worth nothing. */
  readonly present: string;
}

/** The people that this collector knows, and how they prove who they are by a password. */
export class Users {
  readonly #directory: Directory;
  readonly #sessions: Sessions;
  readonly #codes: Codes;
  readonly #throttle = new SignInThrottle();
  readonly #cost: Cost;
  readonly #nobodysHash: string;

  /** @param cost of hashing a password */
  constructor(directory: Directory, sessions: Sessions, codes: Codes, cost = COST) {
    this.#directory = directory;
    this.#sessions = sessions;
    this.#codes = codes;
    this.#cost = cost;
    this.#nobodysHash = nobodysHash(cost);
  }

  list(): Promise<StoredUser[]> {
    return this.#directory.users.list();
  }

  /** @throws {CollectorError} NOT_FOUND */
  async require(id: string): Promise<StoredUser> {
    const user = await this.#directory.users.find(id);
    if (user === undefined) throw noUser(id);
    return user;
  }

  withEmail(email: string): Promise<StoredUser | undefined> {
    return this.#directory.users.withEmail(asKey(email));
  }

  /** Somebody who may nothing yet, and has no password. @throws {CollectorError} CONFLICT */
  async create(email: string, name: string): Promise<StoredUser> {
    const user = { id: `u_${randomUUID()}`, email: asKey(email), name, createdAt: Date.now() };
    if (await this.#directory.users.insert(user)) return user;
    throw new CollectorError('CONFLICT', `There is a user with the address ${user.email} already.`);
  }

  /** @throws {CollectorError} NOT_FOUND, CONFLICT */
  async change(id: string, change: { name?: string; email?: string }): Promise<StoredUser> {
    const { email } = change;
    const isDone = await this.#directory.users.change(id, {
      ...change,
      ...(email !== undefined && { email: asKey(email) }),
    });
    const user = await this.require(id);
    if (!isDone) throw new CollectorError('CONFLICT', 'Another user has this address.');
    return user;
  }

  /** Ends at once all that proves to be this user: sessions and own tokens. @throws {CollectorError} NOT_FOUND */
  async deactivate(id: string): Promise<StoredUser> {
    await this.#directory.users.change(id, { deactivatedAt: Date.now() });
    await endProofs(this.#directory, id);
    return this.require(id);
  }

  /** @throws {CollectorError} NOT_FOUND */
  async reactivate(id: string): Promise<StoredUser> {
    await this.#directory.users.change(id, { deactivatedAt: undefined });
    return this.require(id);
  }

  /**
   * A code by which the user can set a password without knowing the present one.
   * @throws {CollectorError} NOT_FOUND; CONFLICT for whom a provider knows: who had such a code could else be them later on, whatever
   * groups they are in by then
   */
  async invite(id: string): Promise<MintedCode> {
    const user = await this.require(id);
    if (user.identity !== undefined) {
      throw new CollectorError(
        'CONFLICT',
        `${user.name} signs in at ${user.identity.issuer}, and has no password here.`,
      );
    }
    return this.#codes.mint('password', { user: id, present: digestOf(user) } satisfies PasswordCode);
  }

  /** Sets a password by a code of {@link invite}. @throws {CollectorError} UNAUTHENTICATED, WEAK_PASSWORD */
  async setPasswordByCode(code: string, password: string): Promise<StoredUser> {
    const content = await this.#codes.look<PasswordCode>('password', code);
    const user = content && (await this.#directory.users.find(content.user));
    if (user === undefined || user.deactivatedAt !== undefined) throw usedUp();
    if (content?.present !== digestOf(user)) throw usedUp();
    // What is wrong with the password is said before the code is spent.
    requireStrong(password, [user.name, user.email]);
    if ((await this.#codes.take('password', code)) === undefined) throw usedUp();
    await this.#setPassword(user, password);
    await this.#sessions.endAllOf({ kind: 'user', id: user.id });
    return user;
  }

  /**
   * Sets the password of somebody who is signed in; other sessions than this one end.
   * @throws {CollectorError} INVALID_REQUEST where the present one is wrong, TOO_MANY_ATTEMPTS, WEAK_PASSWORD
   */
  async changePassword(
    user: StoredUser,
    { present, next, address, session }: { present: string; next: string; address: string; session?: string },
  ): Promise<void> {
    await this.signIn(user.email, present, address).catch((error: unknown) => {
      const isWrong = error instanceof CollectorError && error.code === 'UNAUTHENTICATED';
      // Who asks is signed in, and stays so.
      throw isWrong
        ? new CollectorError('INVALID_REQUEST', 'The present password is another one.', { path: 'present' })
        : error;
    });
    requireStrong(next, [user.name, user.email]);
    await this.#setPassword(user, next);
    await this.#sessions.endAllOf({ kind: 'user', id: user.id }, session);
  }

  /**
   * Whose address and password these are. Refusing takes as long and says the same, whether there is such a user or not.
   * @throws {CollectorError} UNAUTHENTICATED, TOO_MANY_ATTEMPTS
   */
  async signIn(email: string, password: string, address: string): Promise<StoredUser> {
    const attempt: Attempt = { account: asKey(email), address };
    const user = await this.#directory.users.withEmail(attempt.account);
    const waitMs = this.#throttle.waitMs(attempt, await this.#wasAt(user?.id ?? NOBODY, address));
    if (waitMs > 0) {
      throw new TooManyAttempts(
        waitMs,
        (seconds) => `Too many attempts failed. Try again in ${seconds} s, or ask an admin for a link.`,
      );
    }
    this.#throttle.begin(attempt);
    const isRight = await isPassword(password, user?.password ?? this.#nobodysHash);
    if (user === undefined || !isRight || user.deactivatedAt !== undefined) {
      throw new CollectorError('UNAUTHENTICATED', 'The address or the password is wrong.');
    }
    this.#throttle.succeeded(attempt);
    const renewed = isOutdated(user.password!, this.#cost)
      ? { password: await hashPassword(password, this.#cost) }
      : {};
    await this.#directory.users.change(user.id, { signedInAt: Date.now(), ...renewed });
    return user;
  }

  async #setPassword(user: StoredUser, password: string): Promise<void> {
    await this.#directory.users.change(user.id, { password: await hashPassword(password, this.#cost) });
  }

  /** Whether the user has a session from the same network. */
  async #wasAt(id: string, address: string): Promise<boolean> {
    const sessions = await this.#sessions.of({ kind: 'user', id });
    return sessions.some((session) => networkOf(session.address) === networkOf(address));
  }
}

/** Tells what a user signs in with apart, and nothing about it: a password's hash has a salt. */
function digestOf({ password, identity }: StoredUser): string {
  return hashToken(JSON.stringify([password, identity])).toString('hex');
}

/** The id of no user. */
const NOBODY = '';

/** Addresses are told apart without regard to case. */
function asKey(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/** @throws {CollectorError} WEAK_PASSWORD */
function requireStrong(password: string, own: readonly string[]): void {
  const weakness = weaknessOf(password, own);
  if (weakness !== undefined) throw new CollectorError('WEAK_PASSWORD', `${weakness}.`, { path: 'password' });
}

function usedUp(): CollectorError {
  return new CollectorError(
    'UNAUTHENTICATED',
    'This code was used, is too old, or is none. Ask for another.',
  );
}
