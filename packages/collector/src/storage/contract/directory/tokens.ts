import type { Binding } from '../../../auth/binding.js';
import type { TokenKind } from '../../../auth/token.js';

/** What is known of a token. The token itself is nowhere. Times are ms since 1970. */
export interface StoredToken {
  readonly id: string;
  /** An `agent` token opens the agents' door of one environment, and nothing else. */
  readonly kind: TokenKind;
  readonly name: string;
  /** The user whose rights bound those of the token; without it, it stands for itself. */
  readonly owner?: string;
  /** An AI agent uses it, whatever its requests say of themselves. */
  readonly isForAi?: true;
  readonly binding: Binding;
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly usedAt?: number;
  /** Until then the secret before the last rotation is good as well. */
  readonly formerUntil?: number;
}

/** SHA-256 hashes of tokens, and what each may do. */
export interface TokenStore {
  /** Those that were made first first. */
  list(): Promise<StoredToken[]>;
  find(id: string): Promise<StoredToken | undefined>;
  /** The token that has this secret now, or had it before and may still be used with it. Expired ones as well. */
  withHash(hash: Buffer, now: number): Promise<StoredToken | undefined>;
  /** @returns whether it is there now: not if its id or its hash was there before */
  insert(token: StoredToken, hash: Buffer): Promise<boolean>;
  /**
   * Gives a token another secret. The one it had is good until `formerUntil`, ms since 1970; sessions that were begun with it
   * end at once, as they do when it is deleted. The same secret once more changes nothing for them.
   * @returns whether the token is there
   */
  rotate(id: string, hash: Buffer, formerUntil: number): Promise<boolean>;
  used(id: string, at: number): Promise<void>;
  /** @returns whether there was one */
  delete(id: string): Promise<boolean>;
}
