/** People, as the collector knows them, and the browsers that they are signed in with. Times are ms since 1970. */

export type RoleName = 'viewer' | 'debugger' | 'admin';
export type GrantName = 'values' | 'agent-expressions' | 'raise-limits';

/** What somebody may do in a place and in all below it. */
export interface MembershipView {
  readonly id: string;
  /** `organisation`, `organisation/project` or `organisation/project/environment`; `*` for all of them. */
  readonly place: string;
  readonly role: RoleName;
  readonly grants: readonly GrantName[];
  /** Patterns of services; of none: of all. */
  readonly services: readonly string[];
}

/** `GET /users/:id`, and elements of `GET /users`. */
export interface UserView {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly createdAt: number;
  readonly signedInAt?: number;
  readonly deactivatedAt?: number;
  /** Whether there is a password to sign in with. */
  readonly hasPassword: boolean;
  /** The provider that knows this person: its address. */
  readonly provider?: string;
  /** Those in places where whoever asks may look. */
  readonly memberships: readonly MembershipView[];
}

/** Body of `POST /users`. */
export interface InvitationRequest {
  readonly email: string;
  /** Default: the address. */
  readonly name?: string;
  /** What the person may do first; more is said by bindings. */
  readonly place: string;
  readonly role: RoleName;
  /** Default: those of the role. */
  readonly grants?: readonly GrantName[];
  readonly services?: readonly string[];
}

/** A link that works once. */
export interface LinkView {
  /** Below the address of the collector: it has a code in it, and whoever has that may use it. */
  readonly path: string;
  /** The whole address, where the operator said with `--public-url` which that is. */
  readonly url?: string;
  readonly endsAt: number;
}

export interface InvitationView {
  readonly user: UserView;
  /** Where a new user sets a password. */
  readonly link?: LinkView;
}

/** `GET /profile`: whoever asks. */
export interface ProfileView {
  readonly kind: 'user' | 'token';
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly memberships: readonly MembershipView[];
  /** Those that may be named in the header `Dormouse-Environment`. */
  readonly environments: readonly string[];
  /** The session that asks. */
  readonly session?: string;
}

/** Elements of `GET /sessions`. */
export interface SessionView {
  readonly id: string;
  readonly by: 'password' | 'link' | 'provider';
  readonly createdAt: number;
  readonly usedAt: number;
  readonly endsAt: number;
  readonly address: string;
  /** What the browser says that it is. */
  readonly browser: string;
  /** Whether it is the one that asks. */
  readonly current: boolean;
}
