import { API_PREFIX, type ErrorBody, type ProbeRequest, type ProbeView } from '@dormouse/protocol';
import { expectDocumented } from './documented.ts';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The API as any client uses it: over HTTP. Every answer is checked against its documentation. */
export class TestApi {
  readonly url: string;
  readonly token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  async request<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const response = await fetch(this.url + API_PREFIX + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Body;
    expectDocumented(method, path, response.status, answer);
    return { status: response.status, headers: response.headers, body: answer };
  }

  /** The body of a success. */
  async get<Body>(path: string): Promise<Body> {
    return this.expect<Body>('GET', path);
  }

  async expect<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.request<Body>(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The error of a failure. */
  async fail(method: string, path: string, body?: unknown): Promise<ErrorBody['error'] & { status: number }> {
    const { status, body: answer } = await this.request<ErrorBody>(method, path, body);
    if (status < 400) throw new Error(`${method} ${path} succeeded: ${JSON.stringify(answer)}`);
    return { status, ...answer.error };
  }

  snapshot(request: Partial<ProbeRequest> = {}): Promise<ProbeView> {
    return this.expect('POST', '/probes', snapshotRequest(request));
  }

  /** The error a probe request meets. */
  refuse(request: Partial<ProbeRequest>): Promise<ErrorBody['error'] & { status: number }> {
    return this.fail('POST', '/probes', snapshotRequest(request));
  }
}

export function snapshotRequest(request: Partial<ProbeRequest> = {}): ProbeRequest {
  return {
    kind: 'snapshot',
    service: 'trades',
    location: { file: 'src/risk.ts', line: 13 },
    ...request,
  };
}
