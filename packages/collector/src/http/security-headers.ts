import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Browsers keep to https so long after a visit, s: a year. */
const HTTPS_ONLY_S = 31_536_000;

/**
 * Headers of every answer, pages and API alike. Pages may load and ask of this collector only: no other host, no inline
 * script, no frame around it. `data:` images are those of style sheets.
 * @param secure whether it is reached by https
 */
export function securityHeaders(app: FastifyInstance, secure: boolean): void {
  app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'worker-src': ["'self'"],
        'manifest-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: secure && { maxAge: HTTPS_ONLY_S, includeSubDomains: false },
  });
}
