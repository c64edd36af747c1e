import * as oidc from 'openid-client';
import type { Claims } from './profile.js';
import { checkIssuer, type OidcOptions } from './options.js';

/** Clocks of providers may differ from ours by that, s. */
const CLOCK_TOLERANCE_S = 30;
/** What a provider has to answer, s. */
const TIMEOUT_S = 10;
/** Its discovery document is read again after that, ms. */
const DISCOVERED_FOR_MS = 3_600_000;
const SCOPE = 'openid email profile';

/** What this side of a sign-in must remember of it until it is over. */
export interface Pending {
  /** Of PKCE: whoever has stolen the code cannot use it without. */
  readonly verifier: string;
  /** In the ID token again: it is of this sign-in and no other. */
  readonly nonce: string;
}

/**
 * A provider of OpenID Connect: the authorization code flow with PKCE, state and nonce. Signatures are verified although the
 * tokens come from the provider directly, so that a proxy on the way cannot make them up.
 */
export class OidcProvider {
  readonly options: OidcOptions;
  readonly #issuer: URL;
  #discovered: { readonly configuration: oidc.Configuration; readonly at: number } | undefined;

  /** @throws {StartError} */
  constructor(options: OidcOptions) {
    this.options = options;
    this.#issuer = checkIssuer(options.issuer);
  }

  get name(): string {
    return this.options.name ?? this.#issuer.host;
  }

  begin(): Pending {
    return { verifier: oidc.randomPKCECodeVerifier(), nonce: oidc.randomNonce() };
  }

  /** Where the browser goes to sign in. */
  async signInUrl({ verifier, nonce }: Pending, state: string, redirectUri: string): Promise<URL> {
    return oidc.buildAuthorizationUrl(await this.#configuration(), {
      redirect_uri: redirectUri,
      scope: this.options.scope ?? SCOPE,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  /**
   * What the provider says of whoever came back.
   * @param answer the address that the browser came back to
   * @throws what is wrong with the answer or with the tokens
   */
  async finish(answer: URL, { verifier, nonce }: Pending, state: string): Promise<Claims> {
    const configuration = await this.#configuration();
    const tokens = await oidc.authorizationCodeGrant(configuration, answer, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims()!;
    if (configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
    const more = await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub);
    return { ...more, ...claims };
  }

  /** Where the browser goes to be signed out there as well, if the provider has such a place. */
  async signOutUrl(returnTo: string): Promise<URL | undefined> {
    const configuration = await this.#configuration();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    return oidc.buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnTo });
  }

  async #configuration(): Promise<oidc.Configuration> {
    const known = this.#discovered;
    if (known !== undefined && Date.now() - known.at < DISCOVERED_FOR_MS) return known.configuration;
    const { clientId, clientSecret, clientAuth } = this.options;
    const configuration = await oidc.discovery(
      this.#issuer,
      clientId,
      { [oidc.clockTolerance]: CLOCK_TOLERANCE_S },
      authenticationBy(clientSecret, clientAuth),
      {
        timeout: TIMEOUT_S,
        execute: [
          oidc.enableNonRepudiationChecks,
          ...(this.#issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
        ],
      },
    );
    this.#discovered = { configuration, at: Date.now() };
    return configuration;
  }
}

function authenticationBy(secret: string | undefined, method: OidcOptions['clientAuth']): oidc.ClientAuth {
  if (secret === undefined) return oidc.None();
  return method === 'post' ? oidc.ClientSecretPost(secret) : oidc.ClientSecretBasic(secret);
}
