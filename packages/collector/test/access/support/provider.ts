import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type Configuration } from 'oidc-provider';
import { onTestFinished, vi } from 'vitest';

/** Claims of whoever signs in next. */
export type Person = Readonly<Record<string, unknown>> & { readonly sub: string };

/** Of ID tokens. */
export const TOKEN_LIFE_S = 300;

export const CLIENT = { clientId: 'dormouse', clientSecret: 'a-secret-of-the-tests-0123456789' };

/** A real provider of OpenID Connect, where the person that the test names signs in and consents at once. */
export class TestProvider {
  readonly #server: Server;
  readonly #settings: Configuration;
  #provider: Provider;
  person: Person = { sub: 'nobody' };
  /** Tokens are given out as if that were so long ago, ms; for tests with a clock of their own. */
  tokenAgeMs = 0;

  private constructor(server: Server, settings: Configuration) {
    this.#server = server;
    this.#settings = settings;
    this.#provider = this.#create();
    server.on('request', (request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(redirectUri: string): Promise<TestProvider> {
    // It warns of what is no concern of tests.
    vi.spyOn(console, 'warn').mockReturnValue();
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    return new TestProvider(server, {
      clients: [
        {
          client_id: CLIENT.clientId,
          client_secret: CLIENT.clientSecret,
          redirect_uris: [redirectUri],
          post_logout_redirect_uris: [new URL('/', redirectUri).href],
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
      cookies: { keys: ['a key of the tests'] },
      features: { devInteractions: { enabled: false } },
      ttl: { IdToken: TOKEN_LIFE_S, AccessToken: 3_600, Grant: 3_600, Interaction: 3_600, Session: 3_600 },
    });
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Signs with new keys from now on, and has forgotten everything. */
  rotateKeys(): void {
    this.#provider = this.#create();
  }

  #create(): Provider {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    return new Provider(this.issuer, {
      ...this.#settings,
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
      findAccount: (_context, sub) => ({ accountId: sub, claims: () => this.person }),
    });
  }

  async #giveTokens(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const now = Date.now();
    if (this.tokenAgeMs > 0) vi.setSystemTime(now - this.tokenAgeMs);
    await this.#provider.callback()(request, response);
    if (this.tokenAgeMs > 0) vi.setSystemTime(now);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/token') return this.#giveTokens(request, response);
    if (!request.url?.startsWith('/interaction/')) return void this.#provider.callback()(request, response);
    const { params } = await this.#provider.interactionDetails(request, response);
    const grant = new this.#provider.Grant({
      accountId: this.person.sub,
      clientId: params['client_id'] as string,
    });
    grant.addOIDCScope(params['scope'] as string);
    await this.#provider.interactionFinished(request, response, {
      login: { accountId: this.person.sub },
      consent: { grantId: await grant.save() },
    });
  }
}
