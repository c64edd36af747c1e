import {
  API_PREFIX,
  type CaptureView,
  type ErrorBody,
  type PointView,
  type ProbeRequest,
  type ProbeView,
  type ServiceView,
  type StreamEvent,
} from '@dormouse/protocol';

import { CollectorError, OperationFailed } from '../failure.js';
import type { Connection } from './connection.js';
import { readEvents } from './server-sent-events.js';

export interface CaptureQuery {
  readonly probe?: string | undefined;
  readonly service?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

export interface CapturePage {
  readonly captures: readonly CaptureView[];
  readonly next?: string;
}

/** A live stream; it ends when the collector closes it, and throws when the connection breaks. */
export type EventStream = AsyncGenerator<StreamEvent & { readonly cursor: string | undefined }>;

/** The collector's HTTP API. Every method throws {@link CollectorError} or {@link OperationFailed}. */
export class Client {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async services(): Promise<readonly ServiceView[]> {
    return (await this.#call<{ services: ServiceView[] }>('GET', '/services')).services;
  }

  async points(query: {
    service: string;
    file: string;
    line?: number | undefined;
  }): Promise<readonly PointView[]> {
    return (await this.#call<{ points: PointView[] }>('GET', `/points${search(query)}`)).points;
  }

  createProbe(request: ProbeRequest): Promise<ProbeView> {
    return this.#call('POST', '/probes', { body: request });
  }

  async probes(): Promise<readonly ProbeView[]> {
    return (await this.#call<{ probes: ProbeView[] }>('GET', '/probes')).probes;
  }

  probe(id: string): Promise<ProbeView> {
    return this.#call('GET', `/probes/${encodeURIComponent(id)}`);
  }

  removeProbe(id: string): Promise<ProbeView> {
    return this.#call('DELETE', `/probes/${encodeURIComponent(id)}`);
  }

  captures(query: CaptureQuery): Promise<CapturePage> {
    return this.#call('GET', `/captures${search(query)}`);
  }

  capture(id: string): Promise<CaptureView> {
    return this.#call('GET', `/captures/${encodeURIComponent(id)}`);
  }

  /** Resolves once the collector has begun the stream: what happens from then on is in it. */
  async stream(
    query: { probe?: string | undefined; service?: string | undefined },
    options: { after?: string | undefined; signal?: AbortSignal },
  ): Promise<EventStream> {
    const { after, signal } = options;
    const response = await this.#request('GET', `/stream${search({ ...query, after })}`, { signal });
    return readStream(response);
  }

  async #call<T>(method: string, path: string, options: { body?: unknown } = {}): Promise<T> {
    const response = await this.#request(method, path, options);
    return (await response.json()) as T;
  }

  async #request(
    method: string,
    path: string,
    { body, signal }: { body?: unknown; signal?: AbortSignal | undefined },
  ): Promise<Response> {
    const { url, token } = this.#connection;
    const address = URL.parse(API_PREFIX + path, url);
    if (!address) throw new OperationFailed('UNREACHABLE', `"${url}" is not a URL.`);
    const response = await fetch(address, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw unreachable(url, error);
    });
    if (!response.ok) throw await failureOf(response, this.#connection);
    return response;
  }
}

async function* readStream({ body }: Response): EventStream {
  if (!body) return;
  for await (const { event, data, id } of readEvents(body.pipeThrough(new TextDecoderStream()))) {
    if (event === 'capture' || event === 'probe') {
      yield { ...({ event, data: JSON.parse(data) } as StreamEvent), cursor: id };
    }
  }
}

function unreachable(url: string, error: unknown): OperationFailed {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  const reason = cause?.code ?? cause?.message ?? String(error);
  return new OperationFailed(
    'UNREACHABLE',
    `No collector answers at ${url} (${reason}). Start one with "dormouse collector", or say where it is with --url or DORMOUSE_URL.`,
  );
}

async function failureOf(
  response: Response,
  { url, token }: Connection,
): Promise<CollectorError | OperationFailed> {
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorBody> | undefined;
  if (typeof body?.error?.message !== 'string') {
    return new OperationFailed(
      'NOT_A_COLLECTOR',
      `${url} answered ${response.status}, but not as a collector does.`,
    );
  }
  const { error } = body;
  if (error.code !== 'UNAUTHENTICATED') return new CollectorError({ error });
  const hint =
    token === undefined
      ? 'Give it with --token or DORMOUSE_ADMIN_TOKEN, or once for all with "dormouse login"; the collector printed it at its first start.'
      : 'Check --token, DORMOUSE_ADMIN_TOKEN or "dormouse login"; "dormouse collector --rotate-tokens" makes a new one.';
  return new CollectorError({ error: { ...error, message: `${error.message} ${hint}` } });
}

function search(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const parameters = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  );
  return given.length === 0 ? '' : `?${parameters}`;
}
