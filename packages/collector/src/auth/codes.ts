import { randomBytes } from 'node:crypto';
import type { CodePurpose, CodeStore } from '../storage/contract/directory/codes.js';
import { hashToken } from './token.js';

/** How long a code is good, ms. */
export const CODE_LIFE_MS: Readonly<Record<CodePurpose, number>> = {
  /** From the terminal into the browser. */
  link: 5 * 60_000,
  /** An invitation, or the way back after a forgotten password: handed over by whoever asked for it. */
  password: 24 * 3_600_000,
  /** The time that a provider's own pages may take. */
  provider: 10 * 60_000,
};

const CODE_BYTES = 32;

export interface MintedCode {
  readonly code: string;
  readonly endsAt: number;
}

/** Codes that work once: random, short-lived, stored as hashes. */
export class Codes {
  readonly #store: CodeStore;

  constructor(store: CodeStore) {
    this.#store = store;
  }

  /** @param content what belongs to the code, as JSON can say it */
  async mint(purpose: CodePurpose, content: unknown, now = Date.now()): Promise<MintedCode> {
    const code = randomBytes(CODE_BYTES).toString('base64url');
    const endsAt = now + CODE_LIFE_MS[purpose];
    await this.#store.deleteOld(now);
    await this.#store.insert({ purpose, content: JSON.stringify(content), endsAt }, hashToken(code));
    return { code, endsAt };
  }

  /** What belongs to a code, which stays good. */
  async look<Content>(purpose: CodePurpose, code: string, now = Date.now()): Promise<Content | undefined> {
    const stored = await this.#store.find(purpose, hashToken(code), now);
    return stored && (JSON.parse(stored.content) as Content);
  }

  /** What belongs to a code, which is worth nothing from then on. */
  async take<Content>(purpose: CodePurpose, code: string, now = Date.now()): Promise<Content | undefined> {
    const stored = await this.#store.take(purpose, hashToken(code), now);
    return stored && (JSON.parse(stored.content) as Content);
  }
}
