import { CollectorError } from '../../collector-error.js';
import type { Identity } from '../../storage/contract/directory/users.js';

/** What a provider says of somebody. */
export interface Profile {
  readonly identity: Identity;
  readonly name: string;
  /** Only one that the provider has verified: an unverified one may be anybody's. */
  readonly email: string | undefined;
  readonly groups: readonly string[];
}

/** Claims of an ID token and of what the provider tells beside it. */
export type Claims = Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string };

const NAME_LENGTH = 200;

export function profileOf(claims: Claims, groupsClaim: string): Profile {
  const email = claims['email_verified'] === true ? textOf(claims['email'])?.toLowerCase() : undefined;
  const name = textOf(claims['name']) ?? textOf(claims['preferred_username']) ?? email ?? claims.sub;
  return {
    identity: { issuer: claims.iss, subject: claims.sub },
    name: name.replace(/\p{Cc}/gu, ' ').slice(0, NAME_LENGTH),
    email,
    groups: [claims[groupsClaim]].flat().filter((group) => typeof group === 'string'),
  };
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

/** @throws {CollectorError} FORBIDDEN for somebody of another domain */
export function requireDomain({ email }: Profile, domains: readonly string[]): void {
  if (domains.length === 0) return;
  const domain = email?.split('@').at(-1);
  if (domains.some((allowed) => allowed.toLowerCase() === domain)) return;
  throw new CollectorError(
    'FORBIDDEN',
    `Only people with a verified address of ${domains.join(', ')} may sign in.`,
  );
}
