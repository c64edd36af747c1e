import { CollectorError, TooManyAttempts } from '../collector-error.js';
import type { Directory } from '../storage/contract/directory/directory.js';
import type { StoredToken } from '../storage/contract/directory/tokens.js';
import type { FailedAttempts } from './failed-attempts.js';
import type { Identity } from './identity.js';
import { hashToken, isDamaged } from './token.js';

/** The part of a request that says who asks. */
export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  readonly address: string;
}

/** When a token was used is written down so often, ms. */
const USED_EVERY_MS = 60_000;

/**
 * Whose token came with a request.
 * @throws {CollectorError} UNAUTHENTICATED, or TOO_MANY_ATTEMPTS when that happened often.
 */
export async function authenticateToken(
  directory: Directory,
  attempts: FailedAttempts,
  { authorization, address }: Credentials,
): Promise<StoredToken> {
  const now = Date.now();
  const secret = secretIn(authorization);
  const token = await tokenOf(directory, secret, now);
  if (token !== undefined && isGood(token, now)) {
    if (now - (token.usedAt ?? 0) > USED_EVERY_MS) await directory.tokens.used(token.id, now);
    return token;
  }

  const waitMs = attempts.record(address);
  if (waitMs > 0) {
    throw new TooManyAttempts(
      waitMs,
      (seconds) =>
        `Too many requests without a valid token came from ${address}. ` +
        `Correct the token; failures are answered again in ${seconds} s, a right token at any time.`,
    );
  }
  throw new CollectorError('UNAUTHENTICATED', explainFailure(secret, token));
}

/** Whether the secret in an `Authorization` header is good: its token was not given another since, nor revoked, nor has it expired. */
export async function isStillGood(directory: Directory, authorization: string | undefined): Promise<boolean> {
  const now = Date.now();
  const token = await tokenOf(directory, secretIn(authorization), now);
  return token !== undefined && isGood(token, now);
}

const secretIn = (authorization = ''): string | undefined => /^Bearer +(\S+) *$/i.exec(authorization)?.[1];

const tokenOf = async (
  { tokens }: Directory,
  secret: string | undefined,
  now: number,
): Promise<StoredToken | undefined> =>
  secret === undefined ? undefined : tokens.withHash(hashToken(secret), now);

const isGood = ({ expiresAt = Infinity }: StoredToken, now: number): boolean => expiresAt > now;

/** Who asks by a token. */
export async function identityOf(
  directory: Directory,
  token: StoredToken,
  address: string,
): Promise<Identity> {
  const { id, name, owner, isForAi, binding } = token;
  return {
    kind: 'token',
    id,
    name,
    address,
    bindings: [binding],
    ...(isForAi && { isForAi }),
    ...(owner !== undefined && { owner: { id: owner, bindings: await directory.bindings.of(owner) } }),
  };
}

function explainFailure(secret: string | undefined, token: StoredToken | undefined): string {
  if (secret === undefined) return 'Send a token in the header `Authorization: Bearer <token>`.';
  if (token !== undefined) return `The token “${token.name}” has expired.`;
  if (isDamaged(secret)) return 'The token is not whole: it was cut or mistyped. Copy it again.';
  return 'The collector does not know this token. If it was lost, start the collector with --rotate-tokens.';
}
