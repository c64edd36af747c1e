import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Where `npm run build` puts the page; the same from `src` and from `dist`. */
const PAGE = fileURLToPath(new URL('../../dist/console', import.meta.url));

/** Names of files in here have their content's hash in them. */
const HASHED = `${sep}assets${sep}`;

/** The page loads its own files and speaks with its own collector: nothing else, and nothing inline. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The console at `/`. It is files and knows nothing: what it shows it asks for at the API, with the token of who looks. */
export async function consoleRoutes(app: FastifyInstance): Promise<void> {
  if (!existsSync(PAGE)) {
    app.log.warn('The console is not built: `npm run build` does it. Everything else works.');
    return;
  }
  await app.register(staticFiles, {
    root: PAGE,
    wildcard: false,
    cacheControl: false,
    preCompressed: true,
    setHeaders: addHeaders,
  });
}

function addHeaders(reply: FastifyReply, path: string): void {
  reply.headers({
    ...HEADERS,
    'cache-control': path.includes(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
}
