import { API_PREFIX, type MintedToken } from '@dormouse/protocol';

import { notACollector, refusal, unreachable } from './failures.js';

/**
 * Signs in by password, makes a token of one's own, and signs out again.
 * @param name what the token is called
 * @returns its secret
 * @throws {Failure}
 */
export async function tokenByPassword(
  url: string,
  { email, password, name }: { email: string; password: string; name: string },
): Promise<string> {
  const signedIn = await ask(url, 'POST', '/auth/password', { email, password });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  try {
    const made = await ask(url, 'POST', `${API_PREFIX}/profile/tokens`, { name }, cookie);
    const { secret } = (await made.json()) as Partial<MintedToken>;
    if (typeof secret === 'string') return secret;
    throw notACollector(url, made.status);
  } finally {
    await ask(url, 'DELETE', '/auth/session', undefined, cookie);
  }
}

/** As the collector's own page asks. */
async function ask(
  url: string,
  method: string,
  path: string,
  body: unknown,
  cookie?: string,
): Promise<Response> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      origin: new URL(url).origin,
      'dormouse-console': '1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(cookie !== undefined && { cookie }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  }).catch((error: unknown) => {
    throw unreachable(url, error);
  });
  if (response.ok) return response;
  throw await refusal(response, { url, token: undefined }, /* advice: */ '');
}
