import type { ErrorBody, ErrorCode } from '@dormouse/protocol';

import { CollectorError, OperationFailed } from '../failure.js';
import type { Connection } from './connection.js';
import { namingCommands } from './wording.js';

export function unreachable(url: string, error: unknown): OperationFailed {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  const reason = cause?.code ?? cause?.message ?? String(error);
  return new OperationFailed(
    'UNREACHABLE',
    `No collector answers at ${url} (${reason}). Start one with "dormouse collector", or say where it is with --url or DORMOUSE_URL.`,
  );
}

export function notACollector(url: string, status: number): OperationFailed {
  return new OperationFailed('NOT_A_COLLECTOR', `${url} answered ${status}, but not as a collector does.`);
}

const ABOUT_TOKENS: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'TOO_MANY_ATTEMPTS']);

/** What an answer that is no success says. @param advice where a token was not right; default: how to give another */
export async function refusal(
  response: Response,
  connection: Connection,
  advice = ` ${tokenHint(connection)}`,
): Promise<CollectorError | OperationFailed> {
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorBody> | undefined;
  if (typeof body?.error?.message !== 'string') return notACollector(connection.url, response.status);
  const error = { ...body.error, message: namingCommands(body.error.message) };
  if (!ABOUT_TOKENS.has(error.code)) return new CollectorError({ error });
  return new CollectorError({ error: { ...error, message: error.message + advice } });
}

function tokenHint({ token, tokenFrom }: Connection): string {
  if (token === undefined)
    return 'Give one with --token or DORMOUSE_ADMIN_TOKEN, or once for all with "dormouse login"; the collector printed it at its first start.';
  const origin = tokenFrom === undefined ? '' : `The token is from ${tokenFrom}. `;
  return `${origin}Give the admin token with --token, DORMOUSE_ADMIN_TOKEN or "dormouse login".`;
}
