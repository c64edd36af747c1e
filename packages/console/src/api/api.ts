import {
  API_PREFIX,
  type AgentDetail,
  type CaptureComparison,
  type CaptureView,
  type DryRunRequest,
  type DryRunView,
  type ErrorBody,
  type FileView,
  type FunctionView,
  type KillSwitchRequest,
  type MetricsView,
  type PointView,
  type PolicyView,
  type ProbeRequest,
  type ProbeView,
  type ProfileView,
  type SearchScope,
  type ServiceView,
  type SourceView,
} from '@dormouse/protocol';
import { CONSOLE_HEADERS } from './console-headers.js';
import { Refusal } from './refusal.js';

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface CaptureQuery {
  readonly probe?: string;
  readonly service?: string;
  readonly order?: 'oldest' | 'newest';
  readonly after?: string;
  /** At most 1,000; without it 100. */
  readonly limit?: number;
  /** Somewhere in a value, a name, a message or the stack. */
  readonly text?: string;
  /** A condition on values: `order.total > 100`. */
  readonly where?: string;
  readonly traceId?: string;
  /** Of this process only. */
  readonly instance?: string;
  /** That arrived then or later, and before; ms since 1970. */
  readonly from?: number;
  readonly to?: number;
}

/** Captures, and how far was looked for them; `next` goes on. */
export interface CapturePage {
  readonly captures: readonly CaptureView[];
  readonly next?: string;
  readonly scope: SearchScope;
}

/** The collector's public HTTP API, as whoever is signed in. Methods throw a {@link Refusal}, or a TypeError where nobody answers. */
export class Api {
  /** `organisation/project/environment`, for who may see several. */
  readonly #environment: string | undefined;
  readonly #onSignedOut: () => void;

  /** @param onSignedOut called when the session has ended */
  constructor(environment: string | undefined, onSignedOut: () => void) {
    this.#environment = environment;
    this.#onSignedOut = onSignedOut;
  }

  /** Who is signed in. */
  profile(): Promise<ProfileView> {
    return this.ask('GET', '/profile');
  }

  async services(): Promise<readonly ServiceView[]> {
    return (await this.ask<{ services: ServiceView[] }>('GET', '/services')).services;
  }

  /** Processes, those that are connected first: how they stand, and what their probes have done and may take. */
  async agents(query: { service: string; limit?: number }): Promise<readonly AgentDetail[]> {
    return (await this.ask<{ agents: AgentDetail[] }>('GET', '/agents', query)).agents;
  }

  /** One process, with what became of each of its probes. */
  agent(instance: string): Promise<AgentDetail> {
    return this.ask('GET', `/agents/${encodeURIComponent(instance)}`);
  }

  files(query: {
    service: string;
    buildId?: string;
  }): Promise<{ readonly buildId: string; readonly files: readonly FileView[] }> {
    return this.ask('GET', '/files', query);
  }

  /** The text of a source, where it was published. */
  source(query: { service: string; file: string; buildId: string }): Promise<SourceView> {
    return this.ask('GET', '/sources', query);
  }

  functions(query: {
    service: string;
    file?: string;
    search?: string;
    limit?: number;
  }): Promise<{ readonly functions: readonly FunctionView[]; readonly total: number }> {
    return this.ask('GET', '/functions', query);
  }

  async points(query: { service: string; file: string; buildId?: string }): Promise<readonly PointView[]> {
    return (await this.ask<{ points: PointView[] }>('GET', '/points', query)).points;
  }

  async probes(
    query: { service?: string; state?: 'active' | 'ended'; limit?: number } = {},
  ): Promise<readonly ProbeView[]> {
    return (await this.ask<{ probes: ProbeView[] }>('GET', '/probes', query)).probes;
  }

  createProbe(request: ProbeRequest): Promise<ProbeView> {
    return this.ask('POST', '/probes', {}, request);
  }

  removeProbe(id: string): Promise<ProbeView> {
    return this.ask('DELETE', `/probes/${encodeURIComponent(id)}`);
  }

  captures(query: CaptureQuery): Promise<CapturePage> {
    return this.ask('GET', '/captures', { ...query });
  }

  /** The captures that match as a file, the oldest 100,000 at most. */
  async exportCaptures(query: Omit<CaptureQuery, 'order' | 'after' | 'limit'>): Promise<Blob> {
    return (await this.#send('GET', '/captures/export', { ...query })).blob();
  }

  capture(id: string): Promise<CaptureView> {
    return this.ask('GET', `/captures/${encodeURIComponent(id)}`);
  }

  /** What another capture has otherwise. */
  compare(id: string, to: string): Promise<CaptureComparison> {
    return this.ask('GET', `/captures/${encodeURIComponent(id)}/differences`, { to });
  }

  /** What expressions would have come to at a hit. */
  dryRun(capture: string, trial: DryRunRequest): Promise<DryRunView> {
    return this.ask('POST', `/captures/${encodeURIComponent(capture)}/dry-run`, {}, trial);
  }

  metrics(query: { probe: string; from?: number; to?: number }): Promise<MetricsView> {
    return this.ask('GET', '/metrics', query);
  }

  switchProbes(request: KillSwitchRequest): Promise<PolicyView> {
    return this.ask('PUT', '/kill-switch', {}, request);
  }

  /** Where a WebSocket asks: it sends no headers of ours. */
  socketUrl(path: string, query: Query): string {
    const search = searchOf({ ...query, environment: this.#environment });
    return location.origin.replace(/^http/, 'ws') + API_PREFIX + path + search;
  }

  /** The open response of the live stream: server-sent events. */
  stream(query: Query, signal: AbortSignal): Promise<Response> {
    return this.#send('GET', '/stream', query, undefined, signal);
  }

  /** Anything of the API by its method and its path; what one view alone asks for has its methods beside this file. */
  async ask<Answer>(method: string, path: string, query: Query = {}, body?: unknown): Promise<Answer> {
    const response = await this.#send(method, path, query, body);
    return (await response.json()) as Answer;
  }

  async #send(
    method: string,
    path: string,
    query: Query,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await fetch(API_PREFIX + path + searchOf(query), {
      method,
      headers: {
        ...CONSOLE_HEADERS,
        ...(this.#environment !== undefined && { 'dormouse-environment': this.#environment }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
    if (response.ok) return response;
    const refusal = await refusalOf(response);
    if (refusal.code === 'UNAUTHENTICATED') this.#onSignedOut();
    throw refusal;
  }
}

function searchOf(query: Query): string {
  const given = Object.entries(query).filter((entry) => entry[1] !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** A proxy in between may answer with something that is none of ours. */
async function refusalOf(response: Response): Promise<Refusal> {
  try {
    return new Refusal((await response.json()) as ErrorBody);
  } catch {
    return new Refusal({
      error: { code: 'INTERNAL', message: `The collector answered ${response.status}.` },
    });
  }
}
