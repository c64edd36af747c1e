/** What a code is good for. */
export type CodePurpose = 'link' | 'password' | 'provider';

/** A code that works once, and not for long. */
export interface StoredCode {
  readonly purpose: CodePurpose;
  /** What belongs to it, JSON. */
  readonly content: string;
  /** ms since 1970. */
  readonly endsAt: number;
}

/** SHA-256 hashes of codes. */
export interface CodeStore {
  insert(code: StoredCode, hash: Buffer): Promise<void>;
  find(purpose: CodePurpose, hash: Buffer, now: number): Promise<StoredCode | undefined>;
  /** Takes a code: of any number that ask for the same one, one gets it. */
  take(purpose: CodePurpose, hash: Buffer, now: number): Promise<StoredCode | undefined>;
  deleteOld(now: number): Promise<void>;
}
