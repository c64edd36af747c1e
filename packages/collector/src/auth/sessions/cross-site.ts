import type { FastifyRequest } from 'fastify';
import { CollectorError } from '../../collector-error.js';
import { ownOrigin, type Addressed } from './origin.js';

/** Sent by the console with every request. Its value says nothing. */
export const CONSOLE_HEADER = 'dormouse-console';

const SAFE_METHODS = new Set(['GET', 'HEAD']);

type Asking = Addressed & Pick<FastifyRequest, 'method' | 'headers'>;

/**
 * Browsers send cookies with requests that pages of others make. What changes something needs two proofs that it was our own
 * page, neither of which a foreign page can give, and either of which would do:
 *
 * - `Origin` is ours, and `Sec-Fetch-Site`, where the browser sends it, says so. Scripts cannot set these headers.
 * - {@link CONSOLE_HEADER} is there. Forms cannot send it, and a script of another origin only after a preflight, which is
 *   never granted: there is no CORS here.
 *
 * So no token need be put into pages. What is read only needs neither: a foreign page is not shown the answer.
 * @throws {CollectorError} FORBIDDEN
 */
export function refuseCrossSite(request: Asking, publicUrl: string | undefined): void {
  if (SAFE_METHODS.has(request.method)) return;
  requireOwnPage(request, publicUrl);
  if (request.headers[CONSOLE_HEADER] === undefined) {
    throw new CollectorError(
      'FORBIDDEN',
      `A request with a session needs the header ${CONSOLE_HEADER}: 1. Scripts use a token instead.`,
    );
  }
}

/**
 * For what a page of another origin must not even read, where that would not be prevented: WebSockets.
 * @throws {CollectorError} FORBIDDEN
 */
export function requireOwnPage(request: Asking, publicUrl: string | undefined): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isOurs = origin === ownOrigin(request, publicUrl) && (site === undefined || site === 'same-origin');
  if (isOurs) return;
  throw new CollectorError(
    'FORBIDDEN',
    `Pages of ${origin ?? 'unknown origin'} may not ask with a session. Behind a proxy, --public-url says where the collector's own pages are.`,
  );
}

/**
 * For links that sign in: opened by a person, not by a page of another site, which could so sign its visitors in as somebody
 * else, nor ahead of time by whatever previews links.
 * @throws {CollectorError} FORBIDDEN
 */
export function requireOpenedByPerson({ headers }: Pick<FastifyRequest, 'headers'>): void {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-purpose': purpose } = headers;
  const isOurs = site === undefined || site === 'none' || site === 'same-origin';
  if (isOurs && (mode === undefined || mode === 'navigate') && purpose === undefined) return;
  throw new CollectorError(
    'FORBIDDEN',
    'A link that signs in must be opened by yourself: copy it into the address bar.',
  );
}
