/** Of no host that exists. */
const NOWHERE = 'http://return.invalid';
const HOME = '/';

/**
 * Where to go after signing in: the path that was asked for if it is one of this collector, else its start.
 * Browsers take `//host`, `/\host` and control characters in between for addresses of others.
 */
export function returnPath(asked: string | undefined): string {
  if (asked === undefined || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(asked)) return HOME;
  const url = URL.parse(asked, NOWHERE);
  return url?.origin === NOWHERE ? url.pathname.replace(/^\/{2,}/, '/') + url.search + url.hash : HOME;
}
