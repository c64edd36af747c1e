import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CODE_LIFE_MS } from '../../auth/codes.js';
import { admit } from '../../auth/oidc/admit.js';
import { profileOf } from '../../auth/oidc/profile.js';
import type { Pending } from '../../auth/oidc/provider.js';
import { hashToken } from '../../auth/token.js';
import { CollectorError } from '../../collector-error.js';
import { backToSignIn, onward } from './redirect.js';
import { returnPath } from './return-path.js';
import type { SignInParts } from './routes.js';

const BEGIN_PATH = '/provider';
const RETURN_PATH = '/provider/return';
const GROUPS_CLAIM = 'groups';

/** What belongs to the code that is the flow's state. */
interface ProviderCode extends Pending {
  readonly returnTo: string;
  /** SHA-256, hexadecimal, of what the browser that began was given: another cannot be made to end it. */
  readonly browser: string;
}

const beginning = z.strictObject({ returnTo: z.string().max(2_000).exactOptional() });
const answer = z.looseObject({ state: z.string().max(200).exactOptional() });

export function byProvider(app: FastifyInstance, parts: SignInParts): void {
  const { site, provider, browsers } = parts;
  if (provider === undefined) return;
  const { directory, places, people } = site;
  const { prefix } = app;

  app.route<{ Querystring: z.output<typeof beginning> }>({
    method: 'GET',
    url: BEGIN_PATH,
    schema: {
      operationId: 'signInByProvider',
      summary: 'Sign in by a provider',
      description:
        'Sends the browser to the provider of OpenID Connect, and from there back; then to `returnTo`, a path of the collector.',
      tags: ['access'],
      security: [],
      querystring: beginning,
      response: onward,
    },
    async handler(request, reply) {
      browsers.requirePrivate(request);
      const browser = randomBytes(32).toString('base64url');
      const pending = provider.begin();
      const { code: state } = await people.codes.mint('provider', {
        ...pending,
        returnTo: returnPath(request.query.returnTo),
        browser: hashToken(browser).toString('hex'),
      } satisfies ProviderCode);
      const redirectUri = `${browsers.origin(request)}${prefix}${RETURN_PATH}`;
      try {
        const url = await provider.signInUrl(pending, state, redirectUri);
        browsers.remember(request, reply, browser, CODE_LIFE_MS.provider);
        return await reply.redirect(url.href, 303);
      } catch (error) {
        request.log.error({ err: error }, 'the provider cannot be asked to sign somebody in');
        return backToSignIn(parts, request, reply, 'provider');
      }
    },
  });

  app.route<{ Querystring: z.output<typeof answer> }>({
    method: 'GET',
    url: RETURN_PATH,
    schema: {
      operationId: 'returnFromProvider',
      summary: 'Come back from a provider',
      description: 'Where the provider sends browsers that somebody has signed in with there.',
      tags: ['access'],
      security: [],
      querystring: answer,
      response: onward,
    },
    async handler(request, reply) {
      const browser = browsers.recall(request, reply);
      const { state } = request.query;
      const pending =
        state === undefined ? undefined : await people.codes.take<ProviderCode>('provider', state);
      if (state === undefined || pending === undefined || !isSame(browser, pending.browser)) {
        request.log.warn(
          { address: request.ip },
          'an answer of the provider belongs to no sign-in of this browser',
        );
        return backToSignIn(parts, request, reply, 'provider');
      }
      try {
        const url = new URL(request.url, browsers.origin(request));
        const claims = await provider.finish(url, pending, state);
        const profile = profileOf(claims, provider.options.groupsClaim ?? GROUPS_CLAIM);
        const user = await admit(directory, places.tree, profile, provider.options);
        await browsers.signIn(request, reply, { kind: 'user', id: user.id }, 'provider');
        return await reply.redirect(pending.returnTo, 303);
      } catch (error) {
        const isStranger = error instanceof CollectorError && error.code === 'FORBIDDEN';
        request.log.warn({ err: error, address: request.ip }, 'nobody was signed in by the provider');
        return backToSignIn(parts, request, reply, isStranger ? 'stranger' : 'provider');
      }
    },
  });
}

function isSame(secret: string | undefined, hash: string): boolean {
  return secret !== undefined && timingSafeEqual(hashToken(secret), Buffer.from(hash, 'hex'));
}
