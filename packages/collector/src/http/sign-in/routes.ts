import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { recordFailedSignIns } from '../../audit/record-failed-sign-ins.js';
import type { OidcProvider } from '../../auth/oidc/provider.js';
import type { Site } from '../../site.js';
import { limitRate } from '../rate-limit.js';
import type { Browsers } from './browsers.js';
import { byLink } from './by-link.js';
import { byPassword } from './by-password.js';
import { byProvider } from './by-provider.js';
import { setPassword } from './set-password.js';
import { signOut } from './sign-out.js';
import { waysIn } from './ways-in.js';

/** Where people sign in and out. */
export const SIGN_IN_PREFIX = '/auth';

/** What signing in takes. */
export interface SignInParts {
  readonly site: Site;
  readonly browsers: Browsers;
  /** Where people may sign in elsewhere. */
  readonly provider: OidcProvider | undefined;
  /** Requests a minute from one address. */
  readonly perAddress: number;
}

/** The doors at which people prove who they are. They are the only ones that need no proof themselves, and so are limited by address. */
export async function signInRoutes(app: FastifyInstance, parts: SignInParts): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  recordFailedSignIns(app, parts.site.audit.failedSignIns);
  await limitRate(app, parts.perAddress, ({ ip }) => ip);
  for (const addRoute of [waysIn, byPassword, byLink, byProvider, setPassword, signOut]) addRoute(app, parts);
}

/** Reads and writes cookies, at every door. */
export async function useCookies(app: FastifyInstance): Promise<void> {
  await app.register(cookie);
}
