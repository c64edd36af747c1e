import type { BindingRights, BindingView } from './access.js';

/** People, as the collector knows them, and the browsers that they are signed in with. Times are ms since 1970. */

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
  readonly memberships: readonly BindingView[];
}

/** Body of `POST /users`: somebody, and what they may do first. */
export interface InvitationRequest extends Partial<BindingRights> {
  readonly email: string;
  /** Default: the address. */
  readonly name?: string;
  readonly place: string;
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
  readonly memberships: readonly BindingRights[];
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
