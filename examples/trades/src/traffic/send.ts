import type { TradesRequest } from './requests.js';

export interface Answer {
  readonly request: TradesRequest;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly body: unknown;
  readonly milliseconds: number;
}

/** Sends one request and reads the whole answer; never rejects. */
export async function send(url: string, request: TradesRequest): Promise<Answer> {
  const { method, path, headers, body = null } = request;
  const start = performance.now();
  const [status, text] = await fetch(new URL(path, url), { method, headers, body }).then(
    async (response): Promise<[number, string]> => [response.status, await response.text()],
    (error: Error): [number, string] => [0, JSON.stringify({ error: { message: error.message } })],
  );
  return { request, status, body: JSON.parse(text), milliseconds: performance.now() - start };
}
