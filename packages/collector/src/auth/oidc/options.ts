import { ROLES } from '@dormouse/protocol';
import { StartError } from '../../start-error.js';
import type { Role } from '../permissions.js';

/** How people sign in by a provider of OpenID Connect. */
export interface OidcOptions {
  /** Its address, as in its own discovery document: `https://login.example.com/realms/staff`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** How the secret is shown to it. Default: `basic`, the standard's own default. */
  readonly clientAuth?: 'basic' | 'post';
  /** What people know it as. Default: the issuer's host. */
  readonly name?: string;
  /** Default: `openid email profile`. */
  readonly scope?: string;
  /** Only who has a verified address of one of these domains. Default: whoever the provider lets in. */
  readonly domains?: readonly string[];
  /** The claim that lists somebody's groups. Default: `groups`. */
  readonly groupsClaim?: string;
  /** What the members of groups may do. Without any, people are invited one by one. */
  readonly groups?: readonly GroupRule[];
}

export interface GroupRule {
  readonly group: string;
  readonly role: Role;
  /** The path of an organisation, project or environment, or `*`. */
  readonly place: string;
}

const FORM = /^(.+)=(\w+)@([^@=]+)$/;

/**
 * Rules as the environment has them: `sre=admin@acme;developers=debugger@acme/shop/staging`.
 * @throws {StartError}
 */
export function readGroupRules(text: string): GroupRule[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [, group, role, place] = FORM.exec(part) ?? [];
      const known = ROLES.find((name) => name === role);
      if (group !== undefined && place !== undefined && known !== undefined)
        return { group, role: known, place };
      throw new StartError(
        `DORMOUSE_OIDC_GROUPS: ${JSON.stringify(part)} is no rule. One is GROUP=ROLE@PLACE with a role of ${ROLES.join(', ')}: sre=admin@acme/shop.`,
      );
    });
}

const VARIABLES = {
  issuer: 'DORMOUSE_OIDC_ISSUER',
  clientId: 'DORMOUSE_OIDC_CLIENT_ID',
  clientSecret: 'DORMOUSE_OIDC_CLIENT_SECRET',
  clientAuth: 'DORMOUSE_OIDC_CLIENT_AUTH',
  name: 'DORMOUSE_OIDC_NAME',
  scope: 'DORMOUSE_OIDC_SCOPE',
  groupsClaim: 'DORMOUSE_OIDC_GROUPS_CLAIM',
  domains: 'DORMOUSE_OIDC_DOMAINS',
  groups: 'DORMOUSE_OIDC_GROUPS',
} as const;

/** What the environment says of a provider; nothing if it names none. @throws {StartError} */
export function readOidcOptions(
  environment: Readonly<Record<string, string | undefined>>,
): OidcOptions | undefined {
  const setting = (name: keyof typeof VARIABLES): string | undefined =>
    environment[VARIABLES[name]] || undefined;
  const issuer = setting('issuer');
  if (issuer === undefined) return undefined;
  const clientId = setting('clientId');
  if (clientId === undefined)
    throw new StartError(`${VARIABLES.issuer} needs ${VARIABLES.clientId} beside it.`);
  const clientAuth = setting('clientAuth') ?? 'basic';
  if (clientAuth !== 'basic' && clientAuth !== 'post') {
    throw new StartError(`${VARIABLES.clientAuth} must be basic or post, not ${clientAuth}.`);
  }
  const texts = {
    clientSecret: setting('clientSecret'),
    name: setting('name'),
    scope: setting('scope'),
    groupsClaim: setting('groupsClaim'),
  };
  return {
    issuer,
    clientId,
    clientAuth,
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
    domains: (setting('domains') ?? '').split(/[\s,]+/).filter((domain) => domain !== ''),
    groups: readGroupRules(setting('groups') ?? ''),
  };
}

/** @throws {StartError} for an issuer that is none, or whose answers could be forged on the way */
export function checkIssuer(issuer: string): URL {
  const url = URL.parse(issuer);
  if (url?.protocol === 'https:') return url;
  if (url?.protocol === 'http:' && isLoopbackHost(url.hostname)) return url;
  throw new StartError(`The issuer ${issuer} must be an address with https.`);
}

export const isLoopbackHost = (hostname: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
