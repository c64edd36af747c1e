import {
  API_PREFIX,
  CAPTURE_FILE_TYPE,
  type AgentDetail,
  type AuditCheckpoint,
  type AuditHead,
  type AuditPage,
  type AuditVerification,
  type BindingView,
  type BuildOutline,
  type CaptureComparison,
  type CaptureView,
  type CreatedWebhook,
  type FileView,
  type FunctionView,
  type DryRunRequest,
  type DryRunView,
  type ElevationRequest,
  type ElevationView,
  type GroupRequest,
  type GroupView,
  type ImportDetails,
  type ImportView,
  type InvitationRequest,
  type InvitationView,
  type KillSwitchRequest,
  type LinkView,
  type MetricsView,
  type MintedToken,
  type OtlpRequest,
  type OtlpView,
  type PlaceView,
  type PlaceTemplateRequest,
  type PointView,
  type PolicyRequest,
  type PolicyView,
  type ProbeExtension,
  type ProbeRequest,
  type ProbeView,
  type ProfileView,
  type RetentionView,
  type SearchScope,
  type ServiceView,
  type SessionView,
  type SourceSearchView,
  type StreamEvent,
  type TokenRequest,
  type TokenView,
  type UserView,
  type TemplateRequest,
  type TemplateView,
  type WaitView,
  type WebhookDelivery,
  type WebhookRequest,
  type WebhookTest,
  type WebhookView,
} from '@dormouse/protocol';

import type { Connection } from './connection.js';
import { notACollector, refusal, unreachable } from './failures.js';
import {
  hasCapture,
  hasId,
  hasInstance,
  hasList,
  hasName,
  hasObject,
  hasProbe,
  hasText,
  type Shape,
} from './shapes.js';
import { readEvents } from './server-sent-events.js';

export interface ProbeQuery {
  readonly group?: string | undefined;
  readonly service?: string | undefined;
  readonly state?: ProbeView['state'] | undefined;
  readonly limit?: number | undefined;
}

/** By what captures are found. */
export interface CaptureSearch {
  readonly group?: string | undefined;
  readonly probe?: string | undefined;
  readonly service?: string | undefined;
  readonly kind?: string | undefined;
  readonly traceId?: string | undefined;
  readonly instance?: string | undefined;
  readonly buildId?: string | undefined;
  /** ms since 1970. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly text?: string | undefined;
  readonly where?: readonly string[] | undefined;
  readonly import?: string | undefined;
}

export interface CaptureQuery extends CaptureSearch {
  readonly order?: 'oldest' | 'newest' | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

export interface StreamQuery {
  readonly group?: string | undefined;
  readonly probe?: string | undefined;
  readonly service?: string | undefined;
  /** The cursor of the last event that was read; default: only what is new. */
  readonly after?: string | undefined;
}

export interface AgentQuery {
  readonly service?: string | undefined;
  readonly version?: string | undefined;
  readonly buildId?: string | undefined;
  /** `NAME=VALUE` each. */
  readonly tag?: readonly string[] | undefined;
  readonly connected?: boolean | undefined;
  readonly limit?: number | undefined;
}

export interface AuditQuery {
  /** Default: `organisation`. */
  readonly chain?: 'collector' | undefined;
  readonly caller?: string | undefined;
  readonly operation?: string | undefined;
  readonly target?: string | undefined;
  readonly of?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly order?: 'oldest' | 'newest' | undefined;
  readonly after?: string | number | undefined;
  readonly limit?: number | undefined;
}

/** Where an audit trail ends, and where it begins. */
export interface AuditEnds {
  readonly head: AuditHead;
  readonly checkpoint?: AuditCheckpoint;
}

export interface FunctionQuery {
  readonly service: string;
  readonly file?: string | undefined;
  /** Parts of names. */
  readonly search?: string | undefined;
  readonly limit: number;
}

export interface FunctionList {
  readonly functions: readonly FunctionView[];
  /** All that were found. */
  readonly total: number;
}

export interface AgentList {
  readonly agents: readonly AgentDetail[];
  /** All that match. */
  readonly total: number;
}

export interface WaitQuery {
  readonly hits?: number | undefined;
  readonly armed?: boolean | undefined;
  /** ms, at most `LIMITS.waitMs`. */
  readonly timeoutMs: number;
}

export interface CapturePage {
  readonly captures: readonly CaptureView[];
  readonly next?: string;
  readonly scope: SearchScope;
}

/** A file that is being sent. */
export interface Download {
  readonly bytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A live stream; it ends when the collector closes it, and throws when the connection breaks. */
export type EventStream = AsyncGenerator<StreamEvent & { readonly cursor: string | undefined }>;

/** A link with its whole address: where the operator said that browsers find the collector, or else where we do. */
export type WholeLink = Required<LinkView>;

/** The collector's HTTP API. Every method throws a `Failure`. */
export class Client {
  readonly #connection: Connection;
  readonly #signal: AbortSignal | undefined;

  /** @param signal gives up all that is under way, and all that follows; default: none */
  constructor(connection: Connection, signal?: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  async services(): Promise<readonly ServiceView[]> {
    return (await this.#call<{ services: ServiceView[] }>('GET', '/services', hasList('services'))).services;
  }

  build(buildId: string): Promise<BuildOutline> {
    return this.#call('GET', `/builds/${encodeURIComponent(buildId)}`, hasList('files'));
  }

  /** @param manifest what a weaver wrote; the collector checks it */
  uploadManifest(service: string, manifest: unknown): Promise<BuildOutline> {
    return this.#call('PUT', `/manifests${search({ service })}`, hasList('files'), manifest);
  }

  functions(query: FunctionQuery): Promise<FunctionList> {
    return this.#call('GET', `/functions${search(query)}`, hasList('functions'));
  }

  agents(query: AgentQuery): Promise<AgentList> {
    return this.#call('GET', `/agents${search(query)}`, hasList('agents'));
  }

  agent(instance: string): Promise<AgentDetail> {
    return this.#call('GET', `/agents/${encodeURIComponent(instance)}`, hasInstance);
  }

  /** The sources of the build that runs now. */
  async files(service: string): Promise<{ readonly buildId: string; readonly files: readonly FileView[] }> {
    return this.#call('GET', `/files${search({ service })}`, hasList('files'));
  }

  async publishSource(
    where: { service: string; file: string; buildId: string },
    text: string,
  ): Promise<void> {
    await this.#call('PUT', `/sources${search(where)}`, hasText('file'), { text });
  }

  searchSource(query: {
    service: string;
    text: string;
    limit?: number | undefined;
  }): Promise<SourceSearchView> {
    return this.#call('GET', `/sources/search${search(query)}`, hasList('lines'));
  }

  async points(query: {
    service: string;
    file: string;
    line?: number | undefined;
    buildId?: string | undefined;
  }): Promise<readonly PointView[]> {
    return (await this.#call<{ points: PointView[] }>('GET', `/points${search(query)}`, hasList('points')))
      .points;
  }

  createProbe(request: ProbeRequest): Promise<ProbeView> {
    return this.#call('POST', '/probes', hasId, request);
  }

  /** Newest first. */
  async probes(query: ProbeQuery): Promise<readonly ProbeView[]> {
    return (await this.#call<{ probes: ProbeView[] }>('GET', `/probes${search(query)}`, hasList('probes')))
      .probes;
  }

  probe(id: string): Promise<ProbeView> {
    return this.#call('GET', `/probes/${encodeURIComponent(id)}`, hasId);
  }

  /** Waits on the collector's side, as long as that does. */
  waitForProbe(id: string, query: WaitQuery): Promise<WaitView> {
    return this.#call('GET', `/probes/${encodeURIComponent(id)}/wait${search(query)}`, hasProbe);
  }

  extendProbe(id: string, limits: ProbeExtension): Promise<ProbeView> {
    return this.#call('POST', `/probes/${encodeURIComponent(id)}/extend`, hasId, limits);
  }

  /** @param changes a JSON merge patch of the probe's request */
  duplicateProbe(id: string, changes: object): Promise<ProbeView> {
    return this.#call('POST', `/probes/${encodeURIComponent(id)}/duplicate`, hasId, changes);
  }

  removeProbe(id: string): Promise<ProbeView> {
    return this.#call('DELETE', `/probes/${encodeURIComponent(id)}`, hasId);
  }

  dryRun(capture: string, request: DryRunRequest): Promise<DryRunView> {
    return this.#call('POST', `/captures/${encodeURIComponent(capture)}/dry-run`, hasCapture, request);
  }

  saveTemplate(name: string, request: TemplateRequest): Promise<TemplateView> {
    return this.#call('PUT', `/templates/${encodeURIComponent(name)}`, hasName, request);
  }

  /** The latest version of each. */
  async templates(): Promise<readonly TemplateView[]> {
    return (await this.#call<{ templates: TemplateView[] }>('GET', '/templates', hasList('templates')))
      .templates;
  }

  template(name: string, version?: number): Promise<TemplateView> {
    return this.#call('GET', `/templates/${encodeURIComponent(name)}${search({ version })}`, hasName);
  }

  placeTemplate(name: string, request: PlaceTemplateRequest): Promise<ProbeView> {
    return this.#call('POST', `/templates/${encodeURIComponent(name)}/place`, hasId, request);
  }

  removeTemplate(name: string): Promise<TemplateView> {
    return this.#call('DELETE', `/templates/${encodeURIComponent(name)}`, hasName);
  }

  createGroup(request: GroupRequest): Promise<GroupView> {
    return this.#call('POST', '/groups', hasId, request);
  }

  /** Newest first. */
  async groups(query: { readonly state?: GroupView['state'] | undefined }): Promise<readonly GroupView[]> {
    return (await this.#call<{ groups: GroupView[] }>('GET', `/groups${search(query)}`, hasList('groups')))
      .groups;
  }

  group(id: string): Promise<GroupView> {
    return this.#call('GET', `/groups/${encodeURIComponent(id)}`, hasId);
  }

  addToGroup(id: string, probes: readonly string[]): Promise<GroupView> {
    return this.#call('POST', `/groups/${encodeURIComponent(id)}/probes`, hasId, { probes });
  }

  extendGroup(id: string, expiresInMs: number): Promise<GroupView> {
    return this.#call('POST', `/groups/${encodeURIComponent(id)}/extend`, hasId, { expiresInMs });
  }

  endGroup(id: string): Promise<GroupView> {
    return this.#call('DELETE', `/groups/${encodeURIComponent(id)}`, hasId);
  }

  captures(query: CaptureQuery): Promise<CapturePage> {
    return this.#call('GET', `/captures${search(query)}`, hasList('captures'));
  }

  compareCaptures(from: string, to: string, limit?: number): Promise<CaptureComparison> {
    const path = `/captures/${encodeURIComponent(from)}/differences${search({ to, limit })}`;
    return this.#call('GET', path, hasList('differences'));
  }

  /** A file, as it arrives. */
  async exportCaptures(query: CaptureSearch): Promise<ReadableStream<Uint8Array>> {
    const { headers, body, status } = await this.#request('GET', `/captures/export${search(query)}`, {});
    if (body === null || headers.get('content-type') !== CAPTURE_FILE_TYPE)
      throw notACollector(this.#connection.url, status);
    return body;
  }

  /** @param file as it is read */
  async importCaptures(file: ReadableStream<Uint8Array>): Promise<ImportDetails> {
    return this.#call('POST', '/imports', hasId, file);
  }

  async imports(): Promise<readonly ImportView[]> {
    return (await this.#call<{ imports: ImportView[] }>('GET', '/imports', hasList('imports'))).imports;
  }

  deleteImport(id: string): Promise<ImportDetails> {
    return this.#call('DELETE', `/imports/${encodeURIComponent(id)}`, hasId);
  }

  retention(): Promise<RetentionView> {
    return this.#call('GET', '/retention', hasObject('limits'));
  }

  metrics(probe: string): Promise<MetricsView> {
    return this.#call('GET', `/metrics${search({ probe })}`, hasList('series'));
  }

  /** That of everything first. */
  async policies(): Promise<readonly PolicyView[]> {
    return (await this.#call<{ policies: PolicyView[] }>('GET', '/policies', hasList('policies'))).policies;
  }

  /** Of a service, or of everything. */
  policy(service: string | undefined): Promise<PolicyView> {
    return this.#call('GET', `/policy${search({ service })}`, hasList('deny'));
  }

  putPolicy(service: string | undefined, request: PolicyRequest): Promise<PolicyView> {
    return this.#call('PUT', `/policy${search({ service })}`, hasList('deny'), request);
  }

  setKillSwitch(request: KillSwitchRequest): Promise<PolicyView> {
    return this.#call('PUT', '/kill-switch', hasList('deny'), request);
  }

  /** Where OpenTelemetry goes, and what became of it. */
  otlp(): Promise<OtlpView> {
    return this.#call('GET', '/otlp', hasList('signals'));
  }

  putOtlp(request: OtlpRequest): Promise<OtlpView> {
    return this.#call('PUT', '/otlp', hasList('signals'), request);
  }

  removeOtlp(): Promise<OtlpView> {
    return this.#call('DELETE', '/otlp', hasList('signals'));
  }

  createWebhook(request: WebhookRequest): Promise<CreatedWebhook> {
    return this.#call('POST', '/webhooks', hasId, request);
  }

  /** Oldest first. */
  async webhooks(): Promise<readonly WebhookView[]> {
    return (await this.#call<{ webhooks: WebhookView[] }>('GET', '/webhooks', hasList('webhooks'))).webhooks;
  }

  testWebhook(id: string): Promise<WebhookTest> {
    return this.#call('POST', `/webhooks/${encodeURIComponent(id)}/test`, hasText('outcome'));
  }

  /** What it was told, newest first. */
  async deliveries(id: string, limit?: number): Promise<readonly WebhookDelivery[]> {
    const path = `/webhooks/${encodeURIComponent(id)}/deliveries${search({ limit })}`;
    return (await this.#call<{ deliveries: WebhookDelivery[] }>('GET', path, hasList('deliveries')))
      .deliveries;
  }

  deleteWebhook(id: string): Promise<WebhookView> {
    return this.#call('DELETE', `/webhooks/${encodeURIComponent(id)}`, hasId);
  }

  capture(id: string): Promise<CaptureView> {
    return this.#call('GET', `/captures/${encodeURIComponent(id)}`, hasId);
  }

  async places(): Promise<readonly PlaceView[]> {
    return (await this.#call<{ places: PlaceView[] }>('GET', '/places', hasList('places'))).places;
  }

  createPlace(place: string): Promise<PlaceView> {
    return this.#call('POST', '/places', hasText('place'), { place });
  }

  renamePlace(place: string, name: string): Promise<PlaceView> {
    return this.#call('PUT', `/places${search({ place })}`, hasText('place'), { name });
  }

  /** @param confirm the same again; without it the collector says what would be lost */
  deletePlace(place: string, confirm?: string): Promise<{ readonly deleted: readonly string[] }> {
    return this.#call('DELETE', `/places${search({ place, confirm })}`, hasList('deleted'));
  }

  async tokens(): Promise<readonly TokenView[]> {
    return (await this.#call<{ tokens: TokenView[] }>('GET', '/tokens', hasList('tokens'))).tokens;
  }

  createToken(request: TokenRequest): Promise<MintedToken> {
    return this.#call('POST', '/tokens', hasText('secret'), request);
  }

  rotateToken(id: string, overlapMs: number | undefined): Promise<MintedToken> {
    const body = overlapMs === undefined ? {} : { overlapMs };
    return this.#call('POST', `/tokens/${encodeURIComponent(id)}/rotate`, hasText('secret'), body);
  }

  revokeToken(id: string): Promise<TokenView> {
    return this.#call('DELETE', `/tokens/${encodeURIComponent(id)}`, hasId);
  }

  deleteBinding(id: string): Promise<BindingView> {
    return this.#call('DELETE', `/bindings/${encodeURIComponent(id)}`, hasId);
  }

  elevate(request: ElevationRequest): Promise<ElevationView> {
    return this.#call('POST', '/elevations', hasId, request);
  }

  async elevations(): Promise<readonly ElevationView[]> {
    return (await this.#call<{ elevations: ElevationView[] }>('GET', '/elevations', hasList('elevations')))
      .elevations;
  }

  endElevation(id: string): Promise<ElevationView> {
    return this.#call('DELETE', `/elevations/${encodeURIComponent(id)}`, hasId);
  }

  /** Who asks. */
  profile(): Promise<ProfileView> {
    return this.#call('GET', '/profile', hasId);
  }

  async sessions(): Promise<readonly SessionView[]> {
    return (await this.#call<{ sessions: SessionView[] }>('GET', '/sessions', hasList('sessions'))).sessions;
  }

  endSession(id: string): Promise<{ id: string }> {
    return this.#call('DELETE', `/sessions/${encodeURIComponent(id)}`, hasId);
  }

  async consoleLink(): Promise<WholeLink> {
    return this.#whole(await this.#call<LinkView>('POST', '/console-links', hasText('path'), {}));
  }

  async ownTokens(): Promise<readonly TokenView[]> {
    return (await this.#call<{ tokens: TokenView[] }>('GET', '/profile/tokens', hasList('tokens'))).tokens;
  }

  revokeOwnToken(id: string): Promise<TokenView> {
    return this.#call('DELETE', `/profile/tokens/${encodeURIComponent(id)}`, hasId);
  }

  async users(): Promise<readonly UserView[]> {
    return (await this.#call<{ users: UserView[] }>('GET', '/users', hasList('users'))).users;
  }

  user(id: string): Promise<UserView> {
    return this.#call('GET', `/users/${encodeURIComponent(id)}`, hasId);
  }

  async inviteUser(
    request: InvitationRequest,
  ): Promise<{ readonly user: UserView; readonly link?: WholeLink }> {
    const { user, link } = await this.#call<InvitationView>('POST', '/users', hasObject('user'), request);
    return { user, ...(link !== undefined && { link: this.#whole(link) }) };
  }

  changeUser(id: string, change: { name?: string; email?: string; active?: boolean }): Promise<UserView> {
    return this.#call('PUT', `/users/${encodeURIComponent(id)}`, hasId, change);
  }

  async passwordLink(id: string): Promise<WholeLink> {
    const path = `/users/${encodeURIComponent(id)}/password-link`;
    return this.#whole(await this.#call<LinkView>('PUT', path, hasText('path'), {}));
  }

  #whole(link: LinkView): WholeLink {
    return { ...link, url: link.url ?? new URL(link.path, this.#connection.url).href };
  }

  audit(query: AuditQuery): Promise<AuditPage> {
    return this.#call('GET', `/audit${search(query)}`, hasList('records'));
  }

  auditEnds(query: Pick<AuditQuery, 'chain'>): Promise<AuditEnds> {
    return this.#call('GET', `/audit/head${search(query)}`, hasObject('head'));
  }

  verifyAudit(
    query: Pick<AuditQuery, 'chain'> & { anchor?: string | undefined },
  ): Promise<AuditVerification> {
    return this.#call('GET', `/audit/verification${search(query)}`, hasObject('head'));
  }

  /** @param last the last record to drop, as it is known here */
  dropAudit(
    query: Pick<AuditQuery, 'chain'>,
    last: Pick<AuditHead, 'sequence' | 'hash'>,
  ): Promise<AuditCheckpoint> {
    return this.#call('POST', `/audit/checkpoints${search(query)}`, hasText('signature'), last);
  }

  /** Everything that the collector remembers, as it arrives. */
  async backup(): Promise<Download> {
    const { headers, body, status } = await this.#request('GET', '/backup', {});
    if (body === null || headers.get('content-type') !== 'application/vnd.sqlite3')
      throw notACollector(this.#connection.url, status);
    return { bytes: Number(headers.get('content-length')), chunks: body };
  }

  /** Resolves once the collector has begun the stream: what happens from then on is in it. */
  async stream(query: StreamQuery, signal: AbortSignal): Promise<EventStream> {
    const response = await this.#request('GET', `/stream${search(query)}`, { signal });
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) return readStream(response);
    await response.body?.cancel();
    throw notACollector(this.#connection.url, response.status);
  }

  async #call<T>(method: string, path: string, isExpected: Shape, body?: unknown): Promise<T> {
    const response = await this.#request(method, path, { body });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!isExpected(answer)) throw notACollector(this.#connection.url, response.status);
    return answer as T;
  }

  async #request(
    method: string,
    path: string,
    { body, signal = this.#signal }: { body?: unknown; signal?: AbortSignal | undefined },
  ): Promise<Response> {
    const { url, token, environment } = this.#connection;
    const response = await fetch(new URL(API_PREFIX + path, url), {
      method,
      headers: {
        'user-agent': 'dormouse-cli',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(environment !== undefined && { 'dormouse-environment': environment }),
        ...(body !== undefined && {
          'content-type': body instanceof ReadableStream ? CAPTURE_FILE_TYPE : 'application/json',
        }),
      },
      ...(body instanceof ReadableStream
        ? { body, duplex: 'half' }
        : { body: body === undefined ? null : JSON.stringify(body) }),
      signal: signal ?? null,
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw unreachable(url, error);
    });
    if (!response.ok) throw await refusal(response, this.#connection);
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

function search(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const parameters = new URLSearchParams(
    given.flatMap(([name, value]: [string, unknown]) =>
      [value].flat().map((one): [string, string] => [name, String(one)]),
    ),
  );
  return parameters.size === 0 ? '' : `?${parameters}`;
}
