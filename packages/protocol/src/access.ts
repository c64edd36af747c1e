/** Who may do what where, as the API shows it. */

/** Each may do all that those before it may. */
export const ROLES = ['viewer', 'debugger', 'admin'] as const;

export type RoleName = (typeof ROLES)[number];

/**
 * What a role alone does not allow: to read captured values; conditions, watches and templates by way of an AI agent;
 * limits above the defaults.
 */
export const GRANTS = ['values', 'agent-expressions', 'raise-limits'] as const;

export type GrantName = (typeof GRANTS)[number];

/** The grants that come with a role where nobody says otherwise. */
export const DEFAULT_GRANTS: Readonly<Record<RoleName, readonly GrantName[]>> = {
  viewer: [],
  debugger: ['values'],
  admin: GRANTS,
};

/** Each lies in one of the kind before it. */
export const PLACE_KINDS = ['organisation', 'project', 'environment'] as const;

export type PlaceKindName = (typeof PLACE_KINDS)[number];

/** All places, written as one. */
export const EVERYWHERE_PATH = '*';

/** `GET /places` → `{ places: PlaceView[] }`. */
export interface PlaceView {
  /** The names from its organisation down: `acme/shop/production`. */
  readonly place: string;
  readonly kind: PlaceKindName;
  /** ms since 1970. */
  readonly createdAt: number;
}

export interface RightsView {
  readonly role: RoleName;
  readonly grants: readonly GrantName[];
}

export interface BindingRights extends RightsView {
  /** A place, or `*` for everywhere: it holds there and in all below. */
  readonly place: string;
  /** Patterns of services, `*` for any text; none: all. */
  readonly services: readonly string[];
  /** What may be asked for, for a time and with a reason. */
  readonly elevation?: RightsView;
}

/** `GET /tokens` → `{ tokens: TokenView[] }`. Times are ms since 1970. */
export interface TokenView extends BindingRights {
  readonly id: string;
  /** `agent`: opens the agents' door of its environment, and nothing else. */
  readonly kind: 'api' | 'agent';
  readonly name: string;
  /** The user without whose rights it has none. */
  readonly owner?: string;
  /** An AI agent uses it. */
  readonly isForAi?: true;
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly usedAt?: number;
  /** Until then the secret before the last rotation is good as well. */
  readonly formerUntil?: number;
}

/** Body of `POST /tokens`. */
export interface TokenRequest {
  readonly name: string;
  /** Default: `api`. */
  readonly kind?: 'api' | 'agent';
  readonly place: string;
  /** Default: `viewer`. */
  readonly role?: RoleName;
  /** Default: those of the role. */
  readonly grants?: readonly GrantName[];
  readonly services?: readonly string[];
  readonly elevation?: RightsView;
  /** It belongs to whoever asks, and may never do what they may not. Default: no. */
  readonly isOwn?: boolean;
  /** For an AI agent: at no door may it do what AI agents may not. */
  readonly isForAi?: boolean;
  readonly expiresInMs?: number;
}

/** A token with its secret, which is shown once. */
export interface MintedToken {
  readonly token: TokenView;
  readonly secret: string;
}

/** `GET /bindings` → `{ bindings: BindingView[] }`. */
export interface BindingView extends BindingRights {
  readonly id: string;
  readonly user: string;
  readonly createdAt: number;
}

/** Body of `POST /elevations`. */
export interface ElevationRequest {
  /** Default: the only one that the caller sees. */
  readonly environment?: string;
  readonly role: RoleName;
  /** Default: those of the role. */
  readonly grants?: readonly GrantName[];
  readonly reason: string;
  /** Default: an hour. */
  readonly durationMs?: number;
}

/** `GET /elevations` → `{ elevations: ElevationView[] }`. */
export interface ElevationView extends RightsView {
  readonly id: string;
  readonly subject: { readonly kind: 'token' | 'user'; readonly id: string };
  readonly environment: string;
  readonly reason: string;
  readonly startedAt: number;
  readonly endsAt: number;
}
