import {
  API_PREFIX,
  type CaptureView,
  type ErrorBody,
  type PointView,
  type ProbeRequest,
  type ProbeView,
  type ServiceView,
} from '@dormouse/protocol';

/** An answer that was not a success: the collector's own error body and its status. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(body.error.message);
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
  }
}

/** The public HTTP API as the demo and the end-to-end tests use it. Every method throws {@link ApiError}. */
export interface Api {
  services(): Promise<readonly ServiceView[]>;
  points(query: { service: string; file: string; line?: number }): Promise<readonly PointView[]>;
  createProbe(request: ProbeRequest): Promise<ProbeView>;
  probe(id: string): Promise<ProbeView>;
  probes(): Promise<readonly ProbeView[]>;
  removeProbe(id: string): Promise<ProbeView>;
  captures(query: {
    probe?: string;
    traceId?: string;
    after?: string;
    limit?: number;
  }): Promise<readonly CaptureView[]>;
  /** Any other request: method, path under the prefix, body. Returns the parsed body. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

export function connectApi(url: string, token: string): Api {
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(API_PREFIX + path, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new ApiError(response.status, answer as ErrorBody);
    return answer;
  }

  async function list<T>(path: string, field: string, query: object = {}): Promise<readonly T[]> {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) search.set(key, String(value));
    }
    const answer = await call('GET', `${path}?${search}`);
    return (answer as Record<string, readonly T[]>)[field] ?? [];
  }

  const one = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    call(method, path, body) as Promise<T>;

  return {
    services: () => list<ServiceView>('/services', 'services'),
    points: (query) => list<PointView>('/points', 'points', query),
    createProbe: (request) => one('POST', '/probes', request),
    probe: (id) => one('GET', `/probes/${id}`),
    probes: () => list<ProbeView>('/probes', 'probes'),
    removeProbe: (id) => one('DELETE', `/probes/${id}`),
    captures: (query) => list<CaptureView>('/captures', 'captures', query),
    call,
  };
}

/** Asks until the answer is no longer undefined. Throws `what` after `timeoutMs` (default 20 s). */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
