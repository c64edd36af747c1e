import http from 'node:http';
import https from 'node:https';
import { VERSION } from '../../version.js';

/** For everything from the connection to the end of the answer, ms. */
const TIMEOUT_MS = 10_000;
/** Of an answer nothing is kept; one that is longer is cut off, bytes. */
const ANSWER_BYTES = 64 * 1_024;

/** What came of an attempt. */
export interface Attempt {
  readonly succeeded: boolean;
  /** The receiver wants no more, ever: 410. */
  readonly gone: boolean;
  /** In one sentence, without anything of the answer's content. */
  readonly outcome: string;
  /** The receiver asked to be left alone for so long, ms. */
  readonly retryAfterMs?: number;
}

/** Sends a message. Redirects are not followed: where they lead nobody has asked for. Never rejects. */
export async function post(
  url: string,
  agent: http.Agent,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Attempt> {
  try {
    return judge(await exchange(url, agent, headers, body));
  } catch (error) {
    return { succeeded: false, gone: false, outcome: explain(error as NodeJS.ErrnoException) };
  }
}

function explain({ name, message, code }: NodeJS.ErrnoException): string {
  if (name === 'TimeoutError') return `No answer within ${TIMEOUT_MS / 1_000} s.`;
  // OpenSSL's own words are of use to nobody.
  return code === 'EPROTO' ? 'It does not speak TLS as we do.' : `${message}.`;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

function exchange(
  url: string,
  agent: http.Agent,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Answer> {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': `dormouse-collector/${VERSION}`,
        },
      },
      (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        const done = (): void => resolve({ status, retryAfter: answered['retry-after'] });
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES) response.destroy();
        });
        response.on('close', done);
        response.on('error', reject);
      },
    );
    sent.on('error', (error) => reject(sent.destroyed && error.name === 'AbortError' ? error.cause : error));
    sent.end(body);
  });
}

function judge({ status, retryAfter }: Answer): Attempt {
  const succeeded = status >= 200 && status < 300;
  const isRedirect = status >= 300 && status < 400;
  const seconds = Number(retryAfter);
  return {
    succeeded,
    gone: status === 410,
    outcome: `Answered ${status}${isRedirect ? ', a redirect, which is not followed' : ''}.`,
    ...(!succeeded && seconds > 0 && { retryAfterMs: seconds * 1_000 }),
  };
}
