import type { AuditValue } from '@dormouse/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '../../audit/audit.js';
import type { Identity, Subject } from '../../auth/identity.js';
import { cookieForm } from '../../auth/sessions/cookie.js';
import { refuseCrossSite, requireOwnPage } from '../../auth/sessions/cross-site.js';
import { identityOfSession } from '../../auth/sessions/identify.js';
import { isPrivate, ownOrigin } from '../../auth/sessions/origin.js';
import { ABSOLUTE_MS, type Sessions } from '../../auth/sessions/sessions.js';
import { CollectorError } from '../../collector-error.js';
import type { Directory } from '../../storage/contract/directory/directory.js';
import { EVERYWHERE } from '../../storage/contract/directory/places.js';
import { wantsWebSocket } from '../viewers.js';
import type { StoredSession } from '../../storage/contract/directory/sessions.js';

/** The browsers that people are signed in with: what they show, and what they are given. */
export class Browsers {
  readonly #directory: Directory;
  readonly #sessions: Sessions;
  readonly #audit: Audit;
  readonly #publicUrl: string | undefined;

  /** @param publicUrl where browsers see the collector, if not where their requests arrive */
  constructor(directory: Directory, sessions: Sessions, audit: Audit, publicUrl: string | undefined) {
    this.#directory = directory;
    this.#sessions = sessions;
    this.#audit = audit;
    this.#publicUrl = publicUrl;
  }

  /**
   * Who asks with a session, if no token does.
   * @throws {CollectorError} UNAUTHENTICATED when it has ended, FORBIDDEN when a page of another site asks
   */
  async identify(request: FastifyRequest): Promise<Identity | undefined> {
    if (request.headers.authorization !== undefined || this.#shown(request) === undefined) return undefined;
    if (wantsWebSocket(request)) requireOwnPage(request, this.#publicUrl);
    else refuseCrossSite(request, this.#publicUrl);
    const session = await this.find(request);
    const identity = session && (await identityOfSession(this.#directory, session, request.ip));
    if (identity !== undefined) return identity;
    throw new CollectorError('UNAUTHENTICATED', 'The session has ended. Sign in again.');
  }

  /** The session that a request shows, if it lasts. */
  async find(request: FastifyRequest): Promise<StoredSession | undefined> {
    const secret = this.#shown(request);
    return secret === undefined ? undefined : this.#sessions.find(secret);
  }

  /**
   * Somebody has proved who they are: from now on this browser stands for them, and no longer for whoever it did.
   * @throws {CollectorError} FORBIDDEN where others could read along
   */
  async signIn(
    request: FastifyRequest,
    reply: FastifyReply,
    subject: Subject,
    by: StoredSession['by'],
  ): Promise<StoredSession> {
    this.requirePrivate(request);
    await this.#endShown(request);
    const { ip: address, headers } = request;
    const { session, secret } = await this.#sessions.begin({
      subject,
      by,
      address,
      browser: headers['user-agent'],
    });
    const { name, options } = cookieForm('session', request, this.#publicUrl);
    reply.setCookie(name, secret, { ...options, maxAge: ABSOLUTE_MS / 1_000 });
    this.#record('signIn', subject, address, { by });
    return session;
  }

  /** @returns the session that has ended */
  async signOut(request: FastifyRequest, reply: FastifyReply): Promise<StoredSession | undefined> {
    const session = await this.#endShown(request);
    const { name, options } = cookieForm('session', request, this.#publicUrl);
    reply.clearCookie(name, options);
    return session;
  }

  /** @throws {CollectorError} FORBIDDEN where others could read along */
  requirePrivate(request: FastifyRequest): void {
    if (isPrivate(request, this.#publicUrl)) return;
    throw new CollectorError(
      'FORBIDDEN',
      'Nobody can sign in here: on this way others could read along. Serve https, or say with --public-url where a proxy does.',
    );
  }

  /** The same for a page of another site. @throws {CollectorError} FORBIDDEN */
  refuseCrossSite(request: FastifyRequest): void {
    refuseCrossSite(request, this.#publicUrl);
  }

  /** Where this browser sees the collector. */
  origin(request: FastifyRequest): string {
    return ownOrigin(request, this.#publicUrl);
  }

  /** Keeps a secret in this browser while somebody signs in elsewhere. */
  remember(request: FastifyRequest, reply: FastifyReply, secret: string, lifeMs: number): void {
    const { name, options } = cookieForm('sign-in', request, this.#publicUrl);
    reply.setCookie(name, secret, { ...options, maxAge: lifeMs / 1_000 });
  }

  /** What was to be remembered; it is forgotten now. */
  recall(request: FastifyRequest, reply: FastifyReply): string | undefined {
    const { name, options } = cookieForm('sign-in', request, this.#publicUrl);
    const secret = request.cookies[name];
    reply.clearCookie(name, options);
    return secret;
  }

  #shown(request: FastifyRequest): string | undefined {
    return request.cookies[cookieForm('session', request, this.#publicUrl).name];
  }

  async #endShown(request: FastifyRequest): Promise<StoredSession | undefined> {
    const session = await this.find(request);
    if (session === undefined) return undefined;
    await this.#sessions.end(session.subject, session.id);
    this.#record('signOut', session.subject, request.ip, { by: session.by });
    return session;
  }

  #record(operation: string, { kind, id }: Subject, address: string, details: AuditValue): void {
    const caller = { kind, id, name: id, address };
    this.#audit.happened(EVERYWHERE, { caller, door: 'console', operation, details });
  }
}
