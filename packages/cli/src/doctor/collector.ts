import { EVERYWHERE_PATH, type ProfileView, type ServiceView } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import type { Connection } from '../client/connection.js';
import { CollectorError } from '../failure.js';
import { formatDuration } from '../render/time.js';
import { bad, good, note, type Finding } from './finding.js';

/** The header of an answer has whole seconds, and a request takes its time: so much is no difference, ms. */
const CLOCK_TOLERANCE_MS = 5_000;

const ANSWERS_WITHIN_MS = 5_000;

/** Whether a collector answers, and takes work. @returns whether it is worth asking it anything */
export async function* examineCollector({ url }: Connection): AsyncGenerator<Finding, boolean> {
  let answer: Response;
  try {
    answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
  } catch (error) {
    yield bad(
      'collector',
      'unreachable',
      `${url} does not answer (${reasonOf(error)})`,
      'Start it with "dormouse collector", or say where it is: --url, --profile or DORMOUSE_URL.',
    );
    return false;
  }
  const { status, reason } = (await answer.json().catch(() => ({}))) as { status?: string; reason?: string };
  if (status !== 'ready' && status !== 'unavailable') {
    const evidence = `${url} answers ${answer.status}, but not as a collector does`;
    yield bad('collector', 'no-collector', evidence, 'Ask another address, or the proxy that stands there.');
    return false;
  }
  if (status === 'ready') yield good('collector', `${url} answers and is ready`);
  else yield notReady(url, reason);
  yield* compareClocks(answer);
  return status === 'ready';
}

const notReady = (url: string, reason: string | undefined): Finding =>
  reason === 'draining'
    ? bad('collector', 'draining', `${url} is about to stop`, 'Wait until it is back.')
    : bad('collector', 'no-database', `${url} cannot reach its database`, "Look at the collector's log.");

function* compareClocks(answer: Response): Generator<Finding> {
  const there = Date.parse(answer.headers.get('date') ?? '');
  const apart = Math.abs(Date.now() - there);
  if (!(apart > CLOCK_TOLERANCE_MS)) return;
  yield note(
    'clocks',
    'clocks-apart',
    `the collector's clock and the one here are ${formatDuration(apart)} apart`,
    'Times that are shown, and how long probes still live, are those of the collector.',
  );
}

/** @returns the services, where the token may see them */
export async function* examineToken(
  client: Client,
  { token, tokenFrom = 'nowhere' }: Connection,
): AsyncGenerator<Finding, readonly ServiceView[] | undefined> {
  try {
    yield good('token', `the token from ${tokenFrom} is ${rightsOf(await client.profile())}`);
    return await client.services();
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    yield refused(error, token !== undefined);
    return undefined;
  }
}

/** `admin token: admin everywhere (values, agent-expressions)`. */
function rightsOf({ name, memberships }: ProfileView): string {
  const rights = memberships.map(({ place, role, grants }) => {
    const where = place === EVERYWHERE_PATH ? 'everywhere' : `in ${place}`;
    return `${role} ${where}${grants.length === 0 ? '' : ` (${grants.join(', ')})`}`;
  });
  return `${name}: ${rights.join('; ') || 'nothing anywhere'}`;
}

function refused(error: CollectorError, hasToken: boolean): Finding {
  const { message } = error;
  const [environment = 'PATH'] = error.error.suggestions ?? [];
  if (error.has('FORBIDDEN'))
    return bad('token', 'forbidden', message, 'Ask whoever gives rights for a role in the environment.');
  if (error.has('INVALID_REQUEST') || error.has('NOT_FOUND'))
    return bad(
      'token',
      'no-environment',
      message,
      `--environment ${environment}, or "dormouse profiles use NAME --environment PATH"`,
    );
  return bad('token', hasToken ? 'wrong-token' : 'no-token', message, 'dormouse login --url URL < token.txt');
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? cause?.message ?? message;
}
