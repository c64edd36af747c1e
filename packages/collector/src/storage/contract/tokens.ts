import type { Role } from '../../auth/token.js';

/** SHA-256 hashes of tokens. The tokens themselves are nowhere. */
export interface TokenStore {
  hashOf(role: Role): Promise<Buffer | undefined>;
  /** Keeps the role's hash unless it has one. @returns the one it has */
  saveFirst(role: Role, hash: Buffer): Promise<Buffer>;
  /** Replaces the role's hash. */
  save(role: Role, hash: Buffer): Promise<void>;
}
