/** A person. Times are ms since 1970. */
export interface StoredUser {
  readonly id: string;
  /** In lower case; unlike everybody else's. */
  readonly email: string;
  readonly name: string;
  readonly createdAt: number;
  /** Since then nothing proves to be this person any more. Users stay, because the audit trail names them. */
  readonly deactivatedAt?: number;
  /** The hash of the password, a PHC string; without it the person signs in otherwise. */
  readonly password?: string;
  /** Whom a provider of OpenID Connect knows the person as. */
  readonly identity?: Identity;
  readonly signedInAt?: number;
}

export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** What may be changed of a user. */
export interface UserChange {
  readonly name?: string;
  readonly email?: string;
  /** Nothing: none any more. */
  readonly password?: string | undefined;
  readonly identity?: Identity;
  readonly signedInAt?: number;
  /** Nothing: active again. */
  readonly deactivatedAt?: number | undefined;
}

export interface UserStore {
  /** By address. */
  list(): Promise<StoredUser[]>;
  find(id: string): Promise<StoredUser | undefined>;
  withEmail(email: string): Promise<StoredUser | undefined>;
  withIdentity(identity: Identity): Promise<StoredUser | undefined>;
  /** @returns whether it is there now: not if somebody has its address or its identity */
  insert(user: StoredUser): Promise<boolean>;
  /** Only fields that are named change. @returns whether they did: not if the user is gone, or somebody has the address or identity */
  change(id: string, change: UserChange): Promise<boolean>;
}
