import { API_PREFIX, type ErrorBody, type LinkView } from '@dormouse/protocol';
import { CONSOLE_HEADERS } from './console-headers.js';
import { Refusal } from './refusal.js';

/** How people can sign in here. */
export interface WaysIn {
  readonly password: boolean;
  /** Where they may sign in elsewhere. */
  readonly provider?: { readonly name: string; readonly path: string };
}

export async function waysIn(): Promise<WaysIn> {
  return (await ask('GET', '/auth')) as WaysIn;
}

/** @throws {Refusal} when it is not right */
export async function signInByPassword(email: string, password: string): Promise<void> {
  await ask('POST', '/auth/password', { email, password });
}

/** For who was invited, or has forgotten it. @throws {Refusal} */
export async function setPassword(code: string, password: string): Promise<void> {
  await ask('POST', '/auth/set-password', { code, password });
}

/**
 * Where the browser has to go to be signed in as a token. The token itself is not kept here: it is exchanged for a session,
 * which no script can read.
 * @throws {Refusal} when the collector does not know it
 */
export async function linkByToken(token: string, returnTo: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const { path } = (await ask('POST', `${API_PREFIX}/console-links`, {}, headers)) as LinkView;
  return `${path}&returnTo=${encodeURIComponent(returnTo)}`;
}

/** @returns where the provider signs out, if one signed in */
export async function signOut(): Promise<string | undefined> {
  const { continueAt } = (await ask('DELETE', '/auth/session')) as { continueAt?: string };
  return continueAt;
}

async function ask(method: string, path: string, body?: unknown, headers = {}): Promise<unknown> {
  const response = await fetch(path, {
    method,
    headers: {
      ...CONSOLE_HEADERS,
      ...headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Refusal(answer as ErrorBody);
  return answer;
}
