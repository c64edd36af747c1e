import { AGENT_PATH, API_PREFIX } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { Caller } from './caller.js';
import type { FailedAttempts } from './failed-attempts.js';
import { mayDo, type Permission } from './permissions.js';
import { isDamaged, type Role } from './token.js';
import type { Tokens } from './tokens.js';

/** The part of a request that says who asks. */
export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  readonly address: string;
}

const REFUSALS: Readonly<Record<Role, string>> = {
  admin: `This is an admin token; agents connect to ${AGENT_PATH} with the agent token (dmg_…).`,
  agent: `This is the agent token, which opens ${AGENT_PATH} only; the API under ${API_PREFIX} needs the admin token (dma_…).`,
};

/**
 * Whose request it is.
 * @throws {CollectorError} UNAUTHENTICATED, or TOO_MANY_ATTEMPTS when that happened often.
 */
export async function authenticate(
  tokens: Tokens,
  attempts: FailedAttempts,
  credentials: Credentials,
): Promise<Caller> {
  const token = /^Bearer +(\S+) *$/i.exec(credentials.authorization ?? '')?.[1];
  const role = token === undefined ? undefined : tokens.roleOf(token);
  if (role !== undefined) return callerOf(role, credentials.address);

  const waitMs = attempts.record(credentials.address);
  if (waitMs > 0) {
    throw new CollectorError(
      'TOO_MANY_ATTEMPTS',
      `Too many requests without a valid token came from ${credentials.address}. ` +
        `Correct the token; failures are answered again in ${Math.ceil(waitMs / 1_000)} s, a right token at any time.`,
    );
  }
  throw new CollectorError('UNAUTHENTICATED', explainFailure(token));
}

/** @throws {CollectorError} FORBIDDEN */
export function authorise(caller: Caller, permission: Permission): void {
  if (!caller.may(permission)) throw new CollectorError('FORBIDDEN', REFUSALS[caller.id as Role]);
}

const callerOf = (role: Role, address: string): Caller => ({
  kind: 'token',
  id: role,
  name: `${role} token`,
  address,
  may: (permission) => mayDo(role, permission),
});

function explainFailure(token: string | undefined): string {
  if (token === undefined) return 'Send a token in the header `Authorization: Bearer <token>`.';
  if (isDamaged(token)) return 'The token is not whole: it was cut or mistyped. Copy it again.';
  return 'The collector does not know this token. If it was lost, start the collector with --rotate-tokens.';
}
