import type { CookieSerializeOptions } from '@fastify/cookie';
import { ownOrigin, type Addressed } from './origin.js';

/** A cookie for one purpose, as this origin's browsers keep it. */
export interface CookieForm {
  readonly name: string;
  readonly options: CookieSerializeOptions;
}

/**
 * - `__Host-`: no other host, and no page that was fetched in the clear, can have set it. On loopback without TLS browsers
 *   would not keep such a cookie; there the port is in the name, because cookies do not tell ports apart.
 * - `HttpOnly`: no script reads it.
 * - `SameSite=Lax`, not `Strict`: signing in by a provider ends with a redirect from its site, on which a strict cookie
 *   would not be sent. What Lax lets through changes nothing, see `cross-site.ts`.
 */
export function cookieForm(
  purpose: 'session' | 'sign-in',
  request: Addressed,
  publicUrl: string | undefined,
): CookieForm {
  const { protocol, port } = new URL(ownOrigin(request, publicUrl));
  const secure = protocol === 'https:';
  return {
    name: secure ? `__Host-dormouse-${purpose}` : `dormouse-${purpose}-${port || '80'}`,
    options: { path: '/', httpOnly: true, sameSite: 'lax', secure },
  };
}
