import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where `npm run build` puts the page; the same from `src` and from `dist`. */
const PAGE = fileURLToPath(new URL('../../dist/console', import.meta.url));

/** Names of files in here have their content's hash in them. */
const HASHED = `${sep}assets${sep}`;

/** The console at `/`. It is files and knows nothing: what it shows it asks for at the API, as whoever has signed in. */
export function consoleRoutes(app: FastifyInstance): void {
  if (!existsSync(PAGE)) {
    app.log.warn('The console is not built: `npm run build` does it. Everything else works.');
    return;
  }
  app.register(staticFiles, {
    root: PAGE,
    wildcard: false,
    cacheControl: false,
    preCompressed: true,
    setHeaders(reply, path) {
      reply.header(
        'cache-control',
        path.includes(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
}
