import type { Role } from '../../auth/token.js';

/** SHA-256 hashes of tokens. The tokens themselves are nowhere. */
export interface TokenStore {
  hashOf(role: Role): Promise<Buffer | undefined>;
  /** Replaces the role's hash. */
  save(role: Role, hash: Buffer): Promise<void>;
}
