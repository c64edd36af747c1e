import { timingSafeEqual } from 'node:crypto';
import { StartError } from '../start-error.js';
import type { TokenStore } from '../storage/contract/tokens.js';
import { hashToken, mintToken, type Role } from './token.js';

/** Shortest token a person may choose, characters. */
const MIN_CHOSEN_LENGTH = 32;

const ROLES: readonly Role[] = ['admin', 'agent'];

export interface TokenOptions {
  /** Tokens chosen by the operator, instead of minted ones. They replace what is stored. */
  readonly chosen: Partial<Record<Role, string>>;
  /** Mint new tokens even if there are some. */
  readonly rotate: boolean;
}

/** Knows the hashes of the two tokens, and nothing else. */
export interface Tokens {
  /** Whose token it is, if anybody's. Takes the same time for every wrong token. */
  roleOf(token: string): Role | undefined;
  /** Takes over what another collector on the same storage has rotated. */
  reload(): Promise<void>;
  /** Those minted just now: the only moment at which they can be shown. */
  readonly minted: Partial<Record<Role, string>>;
}

/**
 * Makes sure that both roles have a token.
 * @throws {StartError} when a chosen token is too weak, or both are the same.
 */
export async function prepareTokens(store: TokenStore, options: TokenOptions): Promise<Tokens> {
  checkChosen(options.chosen);
  const minted: Partial<Record<Role, string>> = {};
  const hashes = new Map<Role, Buffer>();

  for (const role of ROLES) {
    const chosen = options.chosen[role];
    const token = chosen ?? mintToken(role);
    const hash = hashToken(token);
    if (chosen !== undefined || options.rotate) await store.save(role, hash);
    const kept = await store.saveFirst(role, hash);
    hashes.set(role, kept);
    if (chosen === undefined && kept.equals(hash)) minted[role] = token;
  }

  return {
    minted,
    roleOf(token) {
      const presented = hashToken(token);
      return ROLES.find((role) => timingSafeEqual(hashes.get(role)!, presented));
    },
    async reload() {
      for (const role of ROLES) {
        const hash = await store.hashOf(role);
        if (hash !== undefined) hashes.set(role, hash);
      }
    },
  };
}

function checkChosen({ admin, agent }: TokenOptions['chosen']): void {
  for (const [role, token] of Object.entries({ admin, agent })) {
    if (token !== undefined && (token.length < MIN_CHOSEN_LENGTH || /[^\x21-\x7e]/.test(token))) {
      throw new StartError(
        `The chosen ${role} token must have at least ${MIN_CHOSEN_LENGTH} visible ASCII characters.`,
      );
    }
  }
  if (admin !== undefined && admin === agent) {
    throw new StartError(
      'The admin token and the agent token must differ: agents must not have admin rights.',
    );
  }
}
