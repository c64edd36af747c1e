import type {
  AuditCheckpoint,
  AuditHead,
  AuditPage,
  AuditVerification,
  BindingRights,
  BindingView,
  ElevationRequest,
  ElevationView,
  InvitationRequest,
  InvitationView,
  LinkView,
  MintedToken,
  PlaceView,
  PolicyRequest,
  PolicyView,
  SessionView,
  TokenRequest,
  TokenView,
  UserView,
} from '@dormouse/protocol';
import type { Api } from './api.js';

/** `organisation`: that of the environment which is looked at; `collector`: what concerns none. */
export type Chain = 'organisation' | 'collector';

export interface AuditQuery {
  readonly chain?: Chain;
  /** Id or name. */
  readonly caller?: string;
  readonly operation?: string;
  readonly target?: string;
  /** ms since 1970. */
  readonly from?: number;
  readonly to?: number;
  /** Default: `newest`. */
  readonly order?: 'oldest' | 'newest';
  readonly after?: string | number;
  /** At most 1,000; without it 100. */
  readonly limit?: number;
}

/** Who may do what where, what is never shown, and who did what. Methods throw as those of {@link Api}. */
export class Governance {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async users(): Promise<readonly UserView[]> {
    return (await this.#api.ask<{ users: UserView[] }>('GET', '/users')).users;
  }

  invite(request: InvitationRequest): Promise<InvitationView> {
    return this.#api.ask('POST', '/users', {}, request);
  }

  changeUser(id: string, change: { readonly name?: string; readonly active?: boolean }): Promise<UserView> {
    return this.#api.ask('PUT', `/users/${encodeURIComponent(id)}`, {}, change);
  }

  passwordLink(id: string): Promise<LinkView> {
    return this.#api.ask('PUT', `/users/${encodeURIComponent(id)}/password-link`, {}, {});
  }

  bind(user: string, rights: BindingRights): Promise<BindingView> {
    return this.#api.ask('POST', '/bindings', {}, { user, ...rights });
  }

  unbind(id: string): Promise<BindingView> {
    return this.#api.ask('DELETE', `/bindings/${encodeURIComponent(id)}`);
  }

  async tokens(): Promise<readonly TokenView[]> {
    return (await this.#api.ask<{ tokens: TokenView[] }>('GET', '/tokens')).tokens;
  }

  createToken(request: TokenRequest): Promise<MintedToken> {
    return this.#api.ask('POST', '/tokens', {}, request);
  }

  /** @param overlapMs so long the secret it had is good as well */
  rotateToken(id: string, overlapMs: number): Promise<MintedToken> {
    return this.#api.ask('POST', `/tokens/${encodeURIComponent(id)}/rotate`, {}, { overlapMs });
  }

  revokeToken(id: string): Promise<TokenView> {
    return this.#api.ask('DELETE', `/tokens/${encodeURIComponent(id)}`);
  }

  async ownTokens(): Promise<readonly TokenView[]> {
    return (await this.#api.ask<{ tokens: TokenView[] }>('GET', '/profile/tokens')).tokens;
  }

  createOwnToken(name: string, expiresInMs: number): Promise<MintedToken> {
    return this.#api.ask('POST', '/profile/tokens', {}, { name, expiresInMs });
  }

  revokeOwnToken(id: string): Promise<TokenView> {
    return this.#api.ask('DELETE', `/profile/tokens/${encodeURIComponent(id)}`);
  }

  /** Of whoever asks. All other sessions of theirs end. @param present the one that they have */
  changePassword(present: string, next: string): Promise<unknown> {
    return this.#api.ask('PUT', '/profile/password', {}, { present, next });
  }

  async sessions(): Promise<readonly SessionView[]> {
    return (await this.#api.ask<{ sessions: SessionView[] }>('GET', '/sessions')).sessions;
  }

  endSession(id: string): Promise<unknown> {
    return this.#api.ask('DELETE', `/sessions/${encodeURIComponent(id)}`);
  }

  async places(): Promise<readonly PlaceView[]> {
    return (await this.#api.ask<{ places: PlaceView[] }>('GET', '/places')).places;
  }

  createPlace(place: string): Promise<PlaceView> {
    return this.#api.ask('POST', '/places', {}, { place });
  }

  /** @param name its own, without those around it */
  renamePlace(place: string, name: string): Promise<PlaceView> {
    return this.#api.ask('PUT', '/places', { place }, { name });
  }

  /** @param confirm the same path again; without it the refusal says what would be lost */
  deletePlace(place: string, confirm?: string): Promise<{ readonly deleted: readonly string[] }> {
    return this.#api.ask('DELETE', '/places', { place, confirm });
  }

  async elevations(): Promise<readonly ElevationView[]> {
    return (await this.#api.ask<{ elevations: ElevationView[] }>('GET', '/elevations')).elevations;
  }

  elevate(request: ElevationRequest): Promise<ElevationView> {
    return this.#api.ask('POST', '/elevations', {}, request);
  }

  endElevation(id: string): Promise<ElevationView> {
    return this.#api.ask('DELETE', `/elevations/${encodeURIComponent(id)}`);
  }

  /** That of everything, of services, and of single processes, where there is one. */
  async policies(): Promise<readonly PolicyView[]> {
    return (await this.#api.ask<{ policies: PolicyView[] }>('GET', '/policies')).policies;
  }

  policy(service: string | undefined): Promise<PolicyView> {
    return this.#api.ask('GET', '/policy', { service });
  }

  putPolicy(service: string | undefined, policy: PolicyRequest): Promise<PolicyView> {
    return this.#api.ask('PUT', '/policy', { service }, policy);
  }

  audit(query: AuditQuery): Promise<AuditPage> {
    return this.#api.ask('GET', '/audit', { ...query });
  }

  auditEnds(chain: Chain): Promise<{ readonly head: AuditHead; readonly checkpoint?: AuditCheckpoint }> {
    return this.#api.ask('GET', '/audit/head', { chain });
  }

  verifyAudit(chain: Chain): Promise<AuditVerification> {
    return this.#api.ask('GET', '/audit/verification', { chain });
  }
}
