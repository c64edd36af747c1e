import { EVERYWHERE_PATH, type ProfileView, type ServiceView } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import type { Connection } from '../client/connection.js';
import { CollectorError } from '../failure.js';
import { formatDuration } from '../render/time.js';
import { bad, good, note, type Finding } from './finding.js';

/** The header of an answer has whole seconds, and a request takes its time: so much is no difference, ms. */
const CLOCK_TOLERANCE_MS = 5_000;

const ANSWERS_WITHIN_MS = 5_000;

/** What it answers to this is a line; of anything longer no more is read, bytes. */
const LONGEST_ANSWER = 10_000;

/**
 * Whether a collector answers, and takes work.
 * @returns how far its clock is ahead of the one here, ms; nothing where it is not worth asking it anything
 */
export async function* examineCollector({ url }: Connection): AsyncGenerator<Finding, number | undefined> {
  let answer: Response;
  try {
    answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
  } catch (error) {
    const reason = reasonOf(error);
    yield bad('collector', 'unreachable', `${url} does not answer (${reason})`, wayTo(url, reason));
    return undefined;
  }
  const { status, reason } = await readinessIn(answer);
  if (status !== 'ready' && status !== 'unavailable') {
    const evidence = `${url} answers ${answer.status}, but not as a collector does`;
    yield bad('collector', 'no-collector', evidence, 'Ask another address, or the proxy that stands there.');
    return undefined;
  }
  if (status === 'ready') yield good('collector', `${url} answers and is ready`);
  else yield notReady(url, reason);
  const ahead = yield* compareClocks(answer);
  return status === 'ready' ? ahead : undefined;
}

/** Whoever answers there may say anything, without end. */
async function readinessIn({ body }: Response): Promise<{ status?: unknown; reason?: unknown }> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > LONGEST_ANSWER) return {};
    }
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

const notReady = (url: string, reason: unknown): Finding =>
  reason === 'draining'
    ? bad('collector', 'draining', `${url} is about to stop`, 'Wait until it is back.')
    : bad('collector', 'no-database', `${url} cannot reach its database`, "Look at the collector's log.");

/** @returns how far the collector's is ahead, ms; 0 where nothing is known of it, or the difference is none */
function* compareClocks(answer: Response): Generator<Finding, number> {
  const ahead = Date.parse(answer.headers.get('date') ?? '') - Date.now();
  if (!(Math.abs(ahead) > CLOCK_TOLERANCE_MS)) return 0;
  yield note(
    'clocks',
    'clocks-apart',
    `the collector's clock is ${formatDuration(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} the one here`,
    'Times that are shown, and how long probes still live, are those of the collector.',
  );
  return ahead;
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

/** What may stand between here and a collector that does not answer. */
function wayTo(url: string, reason: string): string {
  if (/CERT|SIGNATURE/u.test(reason))
    return 'If the authority is your own, name its certificate: NODE_EXTRA_CA_CERTS=ca.pem dormouse doctor …';
  const start = 'Start it with "dormouse collector", or say where it is: --url, --profile or DORMOUSE_URL.';
  const proxy = proxyFor(url);
  if (proxy === undefined) return start;
  return `${start}\n${proxy} is set, and commands go through a proxy only with NODE_USE_ENV_PROXY=1 (Node 22.21, 24 or newer).`;
}

/** The variable that names a proxy which is not gone through. */
function proxyFor(url: string): string | undefined {
  const { hostname } = new URL(url);
  const isHere = /^(?:localhost|127\..*|\[::1\])$/u.test(hostname);
  if (isHere || process.env['NODE_USE_ENV_PROXY'] === '1') return undefined;
  const name = url.startsWith('https:') ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  return [name, name.toLowerCase()].find((variable) => process.env[variable]);
}
