import {
  API_PREFIX,
  type CaptureComparison,
  type CaptureView,
  type DryRunRequest,
  type DryRunView,
  type ErrorBody,
  type FunctionView,
  type GroupRequest,
  type GroupView,
  type MetricsView,
  type PlaceTemplateRequest,
  type PointView,
  type ProbeRequest,
  type ProbeView,
  type SearchScope,
  type ServiceView,
  type TemplateView,
  type WaitView,
} from '@dormouse/protocol';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With the prefix of the API and the query. */
  readonly path: string;
  readonly body?: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Carries a request to the collector's HTTP API, from within it or from elsewhere. */
export type Send = (request: ApiRequest) => Promise<ApiAnswer>;

/** What the collector answered instead of a success. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly error: ErrorBody['error'];

  constructor(error: ErrorBody['error']) {
    super(error.message);
    this.error = error;
  }
}

export interface CapturePage {
  readonly captures: readonly CaptureView[];
  readonly next?: string;
  readonly scope: SearchScope;
}

/**
 * The collector as tools ask it: through the same API as everybody, and so with the same permissions, limits and audit.
 * Every method throws {@link Refused}.
 */
export class Api {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  async services(): Promise<readonly ServiceView[]> {
    return (await this.#call<{ services: ServiceView[] }>('GET', '/services')).services;
  }

  functions(query: {
    service: string;
    file?: string | undefined;
    search?: string | undefined;
    limit?: number;
  }): Promise<{ functions: readonly FunctionView[]; total: number }> {
    return this.#call('GET', `/functions${search(query)}`);
  }

  async points(query: {
    service: string;
    file: string;
    line?: number | undefined;
  }): Promise<readonly PointView[]> {
    return (await this.#call<{ points: PointView[] }>('GET', `/points${search(query)}`)).points;
  }

  createProbe(request: ProbeRequest): Promise<ProbeView> {
    return this.#call('POST', '/probes', request);
  }

  probe(id: string): Promise<ProbeView> {
    return this.#call('GET', `/probes/${encodeURIComponent(id)}`);
  }

  /** Resolves when the probe has so many hits or all its processes have answered, when it has ended, or the time is over. */
  wait(id: string, query: { hits?: number; answered?: boolean; timeoutMs: number }): Promise<WaitView> {
    return this.#call('GET', `/probes/${encodeURIComponent(id)}/wait${search(query)}`);
  }

  /** Newest first. */
  async probes(query: {
    service?: string | undefined;
    group?: string | undefined;
    state?: ProbeView['state'];
  }): Promise<ProbeView[]> {
    return (await this.#call<{ probes: ProbeView[] }>('GET', `/probes${search({ ...query, limit: 1_000 })}`))
      .probes;
  }

  removeProbe(id: string): Promise<ProbeView> {
    return this.#call('DELETE', `/probes/${encodeURIComponent(id)}`);
  }

  captures(query: {
    probe?: string | undefined;
    service?: string | undefined;
    group?: string | undefined;
    where?: readonly string[] | undefined;
    text?: string | undefined;
    traceId?: string | undefined;
    order?: 'oldest' | 'newest';
    after?: string | undefined;
    limit?: number;
  }): Promise<CapturePage> {
    return this.#call('GET', `/captures${search(query)}`);
  }

  capture(id: string): Promise<CaptureView> {
    return this.#call('GET', `/captures/${encodeURIComponent(id)}`);
  }

  compareCaptures(from: string, to: string, limit: number): Promise<CaptureComparison> {
    return this.#call('GET', `/captures/${encodeURIComponent(from)}/differences${search({ to, limit })}`);
  }

  dryRun(
    capture: string,
    request: { readonly [Key in keyof DryRunRequest]: DryRunRequest[Key] | undefined },
  ): Promise<DryRunView> {
    return this.#call('POST', `/captures/${encodeURIComponent(capture)}/dry-run`, request);
  }

  async groups(query: { state?: GroupView['state'] }): Promise<readonly GroupView[]> {
    return (await this.#call<{ groups: GroupView[] }>('GET', `/groups${search({ ...query, limit: 200 })}`))
      .groups;
  }

  createGroup(request: GroupRequest): Promise<GroupView> {
    return this.#call('POST', '/groups', request);
  }

  endGroup(id: string): Promise<GroupView> {
    return this.#call('DELETE', `/groups/${encodeURIComponent(id)}`);
  }

  /** The latest version of each. */
  async templates(): Promise<readonly TemplateView[]> {
    return (await this.#call<{ templates: TemplateView[] }>('GET', '/templates')).templates;
  }

  template(name: string): Promise<TemplateView> {
    return this.#call('GET', `/templates/${encodeURIComponent(name)}`);
  }

  placeTemplate(name: string, request: PlaceTemplateRequest): Promise<ProbeView> {
    return this.#call('POST', `/templates/${encodeURIComponent(name)}/place`, request);
  }

  metrics(probe: string): Promise<MetricsView> {
    return this.#call('GET', `/metrics${search({ probe })}`);
  }

  async #call<Body>(method: ApiRequest['method'], path: string, body?: unknown): Promise<Body> {
    const answer = await this.#send({ method, path: API_PREFIX + path, body });
    if (answer.status < 400) return answer.body as Body;
    throw new Refused((answer.body as ErrorBody).error);
  }
}

function search(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const parameters = given.flatMap(([name, value]: [string, unknown]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return `?${new URLSearchParams(parameters)}`;
}
